/**
 * Casting: the ballot is put at its own address until it is durably there, then asked for until the receipt is; each answer is checked.
 * @module
 */
import { ProtocolError } from '../protocol/errors.js';
import { verifyPromise, verifyReceipt, verifyRefusal } from '../protocol/receipts.js';
import { pause } from './line.js';
import { Unreachable } from './unreachable.js';

/** @typedef {import('../protocol/receipts.js').Promised} Promised */
/** @typedef {import('../protocol/receipts.js').Receipt} Receipt */
/** @typedef {import('../protocol/receipts.js').Refusal} Refusal */
/** @typedef {{state: "sending"} | {state: "retrying", seconds: number} | {state: "promised", promise: Promised, seconds: number}} Stage */
/**
 * cast: on the log, receipt checked. refused: by a signed refusal. rejected: never stored. login: the session ended, and the board has no such ballot.
 * stuck: the server cannot be reached now; nothing is known to be lost. broken: the board contradicts itself; `evidence` shows it.
 * @typedef {{state: "cast", receipt: Receipt} | {state: "refused", refusal: Refusal} | {state: "rejected", code: string, message: string}
 *   | {state: "login"} | {state: "stuck", promise: Promised|null} | {state: "broken", message: string, evidence: unknown}} Outcome
 */

const FIRST_WAIT_MS = 500;
const MOST_RETRY_MS = 15_000;
const MOST_POLL_MS = 4_000;
const MOST_FAILURES = 7;

/** Casts one ballot. `run` may be called again after "stuck" or "login": the server takes the same ballot only once. */
export class Caster {
  /** @type {Promised|null} */
  #promise;
  /** The login ended, so only asking is possible; an earlier request may have arrived all the same. */
  #asking = false;
  /** Told of the promise, once it is checked. @type {(promise: Promised) => void} */
  onpromise = () => {};
  #api;
  #body;
  #cast;
  #board;
  #wait;

  /**
   * @param {{call(method: string, path: string, body?: unknown): Promise<import('./api.js').Answer>}} api
   * @param {{ballot: import('../protocol/ballot.js').BallotJson|null, signature: string}} body ballot: null when only its name is left after a reload
   * @param {import('../protocol/receipts.js').Cast} cast
   * @param {import('../protocol/receipts.js').BoardIdentity} board
   * @param {(ms: number) => Promise<void>} [wait]
   * @param {Promised|null} [promise] that the board gave before, checked
   */
  constructor(api, body, cast, board, wait = pause, promise = null) {
    this.#promise = promise;
    this.#api = api;
    this.#body = body;
    this.#cast = cast;
    this.#board = board;
    this.#wait = wait;
  }

  /** What was, or is, being cast. */
  get cast() {
    return this.#cast;
  }

  /**
   * @returns {Promise<import('./api.js').Answer|null>} null: try again
   */
  async #ask() {
    const path = `/ballots/${this.#cast.tracker}`;
    try {
      const answer = await (this.#promise || this.#asking || this.#body.ballot === null ? this.#api.call('GET', path) : this.#api.call('PUT', path, this.#body));
      return answer.status >= 500 || answer.status === 429 || answer.status === 408 ? { ...answer, status: 0 } : answer;
    } catch (error) {
      if (error instanceof Unreachable) return null;
      throw error;
    }
  }

  /**
   * @param {(stage: Stage) => void} tell
   * @returns {Promise<Outcome>}
   */
  async run(tell) {
    let failures = 0;
    let polls = 0;
    this.#asking = false;
    const started = Date.now();
    tell(this.#promise ? { state: 'promised', promise: this.#promise, seconds: 0 } : { state: 'sending' });
    for (;;) {
      const answer = await this.#ask();
      if (answer === null || answer.status === 0) {
        failures += 1;
        if (failures > MOST_FAILURES) return { state: 'stuck', promise: this.#promise };
        const pause = Math.max((answer?.retryAfter ?? 0) * 1000, Math.min(MOST_RETRY_MS, FIRST_WAIT_MS * 2 ** failures));
        tell({ state: 'retrying', seconds: Math.ceil(pause / 1000) });
        await this.#wait(pause);
        continue;
      }
      failures = 0;
      if (answer.status === 401 && !this.#asking && this.#body.ballot !== null) {
        this.#asking = true; // needs no login
        continue;
      }
      const outcome = this.#judge(answer);
      if (outcome !== null) return outcome;
      tell({ state: 'promised', promise: /** @type {Promised} */ (this.#promise), seconds: Math.round((Date.now() - started) / 1000) });
      polls += 1;
      await this.#wait(Math.min(MOST_POLL_MS, FIRST_WAIT_MS * polls));
    }
  }

  /**
   * @param {import('./api.js').Answer} answer
   * @returns {Outcome|null} null: promised, wait on
   */
  #judge({ status, body }) {
    try {
      if (status === 202) {
        this.#promise = verifyPromise(body, this.#cast, this.#board);
        this.onpromise(this.#promise);
        return null;
      }
      if (status === 201) {
        const receipt = verifyReceipt(body, this.#cast, this.#board);
        if (this.#promise && this.#promise.time !== receipt.time) return this.#broken('The receipt gives another time than the promise.', body);
        return { state: 'cast', receipt };
      }
      if (status === 422 && typeof body === 'object' && body !== null && 'reason' in body) return { state: 'refused', refusal: verifyRefusal(body, this.#cast, this.#board) };
    } catch (error) {
      if (error instanceof ProtocolError) return this.#broken(error.message, body);
      throw error;
    }
    if (status === 401 || (status === 404 && this.#asking && !this.#promise)) return { state: 'login' };
    if (this.#promise) return this.#broken('The board promised the ballot and no longer knows it.', body);
    if (status === 404 && this.#body.ballot === null) return { state: 'rejected', code: 'gone', message: '' };
    const { error = 'error', message = '' } = /** @type {{error?: string, message?: string}} */ (body ?? {});
    return { state: 'rejected', code: String(error), message: String(message) };
  }

  /**
   * @param {string} message
   * @param {unknown} answer
   * @returns {Outcome}
   */
  #broken(message, answer) {
    return { state: 'broken', message, evidence: { cast: this.#cast, promise: this.#promise, answer } };
  }
}
