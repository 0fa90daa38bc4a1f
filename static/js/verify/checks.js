/**
 * The checks of this page, one after the other: the board, the log, the election, what the voter brought, the result.
 * @module
 */
import { parseCheckpoint } from '../protocol/checkpoint.js';
import { checkElection, LEAST_BITS } from '../protocol/election.js';
import { ProtocolError, demand } from '../protocol/errors.js';
import { parseManifest } from '../protocol/manifest.js';
import { NOTHING } from './entries.js';
import { checkAuditFile } from './auditchecks.js';
import { checkBallot } from './ballotchecks.js';
import { headline } from './headline.js';
import { ProvenLog } from './provenlog.js';
import { Unreachable } from './record.js';
import { checkResult } from './resultchecks.js';
import { WholeLog } from './wholelog.js';

/** @typedef {import('../protocol/checkpoint.js').Head} Head */
/** @typedef {import('../protocol/manifest.js').Manifest} Manifest */
/** @typedef {WholeLog|ProvenLog} Log */
/** @typedef {Record<string, string|number|Record<string, string>|undefined>} Values sentences' numbers, codes and texts of the manifest */
/**
 * pass · fail: something is wrong · note: worth knowing · look: nothing is wrong, but the ballot is not what its owner may think · stopped: it could
 * not be checked.
 * @typedef {{state: "pass"|"fail"|"note"|"look"|"stopped", say: string, values?: Values, lines?: string[], detail?: string, evidence?: string[]}} Finding
 */
/**
 * What shows the checks to the person.
 * @typedef {{begin(id: string): void, progress(done: number, total: number): void, end(id: string, finding: Finding): void}} Report
 */
/** @typedef {{brought: import('./documents.js').Brought|null, tracker: {tracker: string, code: string}|null, whole: boolean}} Question */
/** @typedef {{manifest: Manifest, board: import('../protocol/receipts.js').BoardIdentity, head: Head, log: Log, election: import('../protocol/election.js').Election}} Setting */

/** Up to here the whole log is read without asking: about 7 MB. */
export const MOST_READ = 20_000;

/** The rest cannot be checked, for what it rests on is missing. */
class Stop extends Error {}

/** Runs the checks and reports each. */
export class Checks {
  #record;
  #seen;
  #report;
  #mostRead;
  #describe;
  /** @type {{id: string, finding: Finding}[]} */
  #findings = [];

  /**
   * @param {import('./record.js').PublicRecord} record
   * @param {import('./seen.js').Seen} seen
   * @param {Report} report
   * @param {number} [mostRead] entries up to which the whole log is read
   * @param {import('./auditchecks.js').Describe} [describe] puts the choice of an opened ballot into words
   */
  constructor(record, seen, report, mostRead = MOST_READ, describe = async (_, choice) => [JSON.stringify(choice)]) {
    this.#describe = describe;
    this.#mostRead = mostRead;
    this.#record = record;
    this.#seen = seen;
    this.#report = report;
  }

  /** The record that is read. */
  get record() {
    return this.#record;
  }

  /**
   * Make one check and report it.
   * @param {string} id also the beginning of its sentences' keys
   * @param {() => Promise<Finding>} act
   * @param {boolean} [needed] whether all others rest on it
   * @returns {Promise<boolean>} whether nothing is wrong
   */
  async step(id, act, needed = false) {
    this.#report.begin(id);
    /** @type {Finding} */
    let finding;
    try {
      finding = await act();
    } catch (error) {
      if (error instanceof ProtocolError) finding = { state: 'fail', say: `${id}-fail`, detail: error.message };
      else if (error instanceof Unreachable) finding = { state: 'stopped', say: 'unreachable', detail: error.message };
      else throw error;
    }
    this.#report.end(id, finding);
    this.#findings.push({ id, finding });
    const good = finding.state !== 'fail' && finding.state !== 'stopped';
    if (!good && needed) throw new Stop();
    return good;
  }

  /** @param {number} done @param {number} total */
  progress(done, total) {
    this.#report.progress(done, total);
  }

  /**
   * Make all checks.
   * @param {Question} question
   * @returns {Promise<import('./headline.js').Headline>} what they show together
   */
  async run(question) {
    try {
      const setting = await this.#common(question);
      const { brought, tracker } = question;
      if (brought?.kind === 'audit') await checkAuditFile(this, setting, brought.document, this.#describe);
      else {
        if (brought !== null || tracker !== null) await checkBallot(this, setting, { brought, tracker });
        await checkResult(this, setting);
      }
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    return headline(question, this.#findings);
  }

  /**
   * What does not depend on any ballot.
   * @param {Question} question
   * @returns {Promise<Setting>}
   */
  async #common(question) {
    const checkpoint = new TextDecoder().decode(await this.#fetched('checkpoint', () => this.#record.file('checkpoint')));
    const manifestBytes = await this.#record.need('manifest.json');
    /** @type {{manifest: Manifest, head: Head}|undefined} */
    let read;
    await this.step('checkpoint', async () => {
      const { manifest } = parseManifest(manifestBytes);
      const head = parseCheckpoint(checkpoint, manifest.log_origin, manifest.board_key);
      demand(head.size >= 1, 'log', 'The checkpoint covers nothing.');
      read = { manifest, head };
      return { state: 'pass', say: 'checkpoint-pass', values: { size: head.size } };
    }, true);
    const { manifest, head } = /** @type {{manifest: Manifest, head: Head}} */ (read);
    const board = { origin: manifest.log_origin, boardKey: manifest.board_key };
    const before = this.#seen.recall(board.origin, board.boardKey);
    const log = await this.#readLog(question, head, board, before?.head.size ?? 0);
    await this.step('since', () => this.#since(log, before, checkpoint, board.origin));
    if (log.firstFour.length < 4) {
      const asked = question.brought !== null || question.tracker !== null;
      await this.step('election', async () => ({ state: asked ? 'stopped' : 'note', say: 'election-early' }));
      throw new Stop();
    }
    /** @type {import('../protocol/election.js').Election|undefined} */
    let election;
    await this.step('election', async () => {
      election = checkElection(manifestBytes, await this.#record.need('key.json'), log.firstFour);
      const values = { fingerprint: election.fingerprint, bits: election.key.bits };
      return election.key.bits < LEAST_BITS ? { state: 'note', say: 'election-test', values } : { state: 'pass', say: 'election-pass', values };
    }, true);
    return { manifest, board, head, log, election: /** @type {import('../protocol/election.js').Election} */ (election) };
  }

  /**
   * @param {string} id of the check that says so when nothing comes
   * @param {() => Promise<Uint8Array|null>} fetcher
   * @returns {Promise<Uint8Array>}
   */
  async #fetched(id, fetcher) {
    let bytes = null;
    let detail = '';
    try {
      bytes = await fetcher();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      detail = error.message;
    }
    if (bytes !== null) return bytes;
    await this.step(id, async () => (detail ? { state: 'stopped', say: 'unreachable', detail } : { state: 'stopped', say: 'checkpoint-none' }), true);
    throw new Stop();
  }

  /**
   * @param {Question} question
   * @param {Head} head
   * @param {import('../protocol/receipts.js').BoardIdentity} board
   * @param {number} seenSize
   * @returns {Promise<Log>}
   */
  async #readLog({ brought, tracker, whole }, head, board, seenSize) {
    const wanted = { ...NOTHING, ...tracker };
    const sizes = [seenSize];
    if (brought !== null) wanted.tracker = brought.document.tracker;
    if (brought?.kind === 'receipt') {
      wanted.voter = brought.document.voter;
      try {
        sizes.push(parseCheckpoint(brought.document.checkpoint, board.origin, board.boardKey).size);
      } catch {
        // The receipt's own check will say what is wrong with it.
      }
    }
    /** @type {Log} */
    let log = new ProvenLog(head, this.#record);
    await this.step('log', async () => {
      if (head.size > this.#mostRead && !whole) {
        await /** @type {ProvenLog} */ (log).look(wanted);
        return { state: 'note', say: 'log-part', values: { size: head.size } };
      }
      const all = new WholeLog(head, wanted, sizes);
      await all.read(this.#record, (done, total) => this.progress(done, total));
      log = all;
      return { state: 'pass', say: 'log-pass', values: { size: head.size } };
    }, true);
    return log;
  }

  /**
   * @param {Log} log
   * @param {{head: Head, text: string}|null} before what this browser saw last
   * @param {string} checkpoint
   * @param {string} origin
   * @returns {Promise<Finding>}
   */
  async #since(log, before, checkpoint, origin) {
    if (before !== null) {
      try {
        await log.continues(before.head);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        const say = before.head.size > log.head.size ? 'since-shorter' : 'since-fail';
        return { state: 'fail', say, values: { size: before.head.size }, detail: error.message, evidence: [before.text, checkpoint] };
      }
    }
    const kept = this.#seen.remember(origin, checkpoint);
    if (before === null) return { state: 'note', say: kept ? 'since-first' : 'since-nothing' };
    return { state: 'pass', say: 'since-pass', values: { size: before.head.size, more: log.head.size - before.head.size } };
  }
}
