/**
 * The page's side of the worker that seals ballots.
 * @module
 */

/** @typedef {import('./worker.js').Request} Request */
/** @typedef {import('./worker.js').Answer} Answer */
/** @typedef {import('../protocol/ballot.js').BallotJson} BallotJson */
/** @typedef {{ballot: BallotJson, openings: import('../protocol/ballot.js').Opening[]}} Audit */

/**
 * Start the worker. Under Trusted Types its address passes the one policy that this site allows.
 * @returns {Worker}
 */
export function startWorker() {
  const address = new URL('./worker.js', import.meta.url).href;
  const factory = /** @type {{trustedTypes?: {createPolicy(name: string, rules: {createScriptURL(text: string): string}): {createScriptURL(text: string): string}}}} */ (
    /** @type {unknown} */ (globalThis)).trustedTypes;
  const policy = factory?.createPolicy('evote-booth', {
    createScriptURL: (text) => {
      if (text !== address) throw new TypeError('Only the booth’s own worker may be started.');
      return text;
    },
  });
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: 'module' });
}

/** Asks the worker and waits for its answers, one at a time. */
export class SealerClient {
  #worker;
  /** @type {{resolve: (answer: Answer) => void, reject: (error: Error) => void}|null} */
  #waiting = null;
  /** What went wrong while nobody waited. @type {Error|null} */
  #broken = null;
  /** Told of progress, from 0 to 1. @type {(part: number) => void} */
  onprogress = () => {};

  /**
   * @param {Worker} worker
   * @param {bigint} n
   * @param {import('../protocol/manifest.js').Contest[]} contests
   */
  constructor(worker, n, contests) {
    this.#worker = worker;
    worker.onmessage = (event) => this.#receive(event.data);
    worker.onerror = () => this.#fail(new Error('The part of the booth that encrypts has stopped.'));
    this.#send({ type: 'start', n, contests });
  }

  /** @param {Request} request */
  #send(request) {
    this.#worker.postMessage(request);
  }

  /** @param {Error} error */
  #fail(error) {
    if (this.#waiting === null) this.#broken = error;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  /** @param {Answer} answer */
  #receive(answer) {
    if (answer.type === 'progress') this.onprogress(answer.done / answer.total);
    else if (answer.type === 'ready') this.onprogress(1);
    else if (answer.type === 'failed') this.#fail(new Error(answer.message));
    else {
      this.#waiting?.resolve(answer);
      this.#waiting = null;
    }
  }

  /**
   * @param {Request} request
   * @returns {Promise<Answer>}
   */
  #ask(request) {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    if (this.#waiting !== null) return Promise.reject(new Error('The worker is asked one thing at a time.'));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#send(request);
    });
  }

  /**
   * @param {import('../protocol/ballot.js').Heading} heading
   * @param {Record<string, import('../protocol/contests.js').Choice>} choices
   * @returns {Promise<{ballot: BallotJson, tracker: string}>}
   */
  async seal(heading, choices) {
    const answer = await this.#ask({ type: 'seal', heading, choices });
    if (answer.type !== 'sealed') throw new Error('The worker answered out of turn.');
    return { ballot: answer.ballot, tracker: answer.tracker };
  }

  /**
   * Open the sealed ballot; powers for a fresh one are prepared at once.
   * @returns {Promise<Audit>}
   */
  async open() {
    const answer = await this.#ask({ type: 'open' });
    if (answer.type !== 'opened') throw new Error('The worker answered out of turn.');
    return answer.audit;
  }

  /** Forget the sealed ballot and prepare for a fresh one. */
  discard() {
    this.#send({ type: 'discard' });
  }

  /** End the worker; everything that it knows is gone. */
  stop() {
    this.#worker.terminate();
  }
}
