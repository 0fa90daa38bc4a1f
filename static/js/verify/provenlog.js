/**
 * A long log, not read: the server is asked for single entries, each with its proof. It could leave out a later one.
 * @module
 */
import { decodeBytes, take, takeArray } from '../protocol/codec.js';
import { demand } from '../protocol/errors.js';
import { verifyConsistency, verifyInclusion } from '../protocol/merkle.js';
import { NOTICES, isWanted, parseEntry, questionsFor } from './entries.js';

/** @typedef {import('./entries.js').Entry} Entry */
/** @typedef {import('../protocol/checkpoint.js').Head} Head */

const utf8 = new TextEncoder();
const AT_ONCE = 50;

/** @param {unknown} list @returns {Uint8Array[]} */
const hashes = (list) => takeArray(list).map((one) => decodeBytes(one, 32));

/** A log of which only what matters here is fetched. */
export class ProvenLog {
  whole = false;
  /** @type {Entry[]} */
  found = [];
  /** @type {Uint8Array[]} */
  firstFour = [];
  #record;
  /** @type {Record<string, Entry[]>} */
  #notices = {};

  /**
   * @param {Head} head of the signed checkpoint
   * @param {import('./record.js').PublicRecord} record
   */
  constructor(head, record) {
    this.head = head;
    this.#record = record;
  }

  /**
   * Fetch the beginning of the log, what says which ballots count, and the ballots looked for.
   * @param {import('./entries.js').Wanted} wanted
   * @throws {ProtocolError} "encoding", "log"
   * @throws {import('./record.js').Unreachable}
   */
  async look(wanted) {
    for (let index = 0; index < Math.min(4, this.head.size); index++) {
      const entries = await this.#entries(`q=${index}`);
      const entry = entries.find((one) => one.index === index);
      demand(entry !== undefined, 'log', `The server did not send entry ${index}.`);
      this.firstFour.push(entry.bytes);
    }
    for (const kind of NOTICES) this.#notices[kind] = await this.#all(kind);
    const all = { ...wanted };
    /** @type {Map<number, Entry>} */
    const found = new Map();
    for (let round = 0; round < 2; round++) {
      for (const question of questionsFor(all)) {
        for (const entry of await this.#entries(`q=${encodeURIComponent(question)}`)) if (isWanted(entry, all)) found.set(entry.index, entry);
      }
      const [first] = found.values();
      if (all.voter !== '' || found.size !== 1 || first.type !== 'ballot') break;
      [all.tracker, all.voter] = [String(first.body.tracker), String(first.body.voter)];
    }
    this.found = [...found.values()].sort((a, b) => a.index - b.index);
  }

  /**
   * @param {string} question
   * @returns {Promise<Entry[]>} each of them proved to stand on the log
   */
  async #entries(question) {
    const answer = take(await this.#record.proof(`/log/entries?${question}&size=${this.head.size}`), ['size', 'entries']);
    demand(answer.size === this.head.size, 'log', 'The server answered about a log of another length.');
    return takeArray(answer.entries).map((one) => {
      const { entry: text, inclusion_proof: proof } = take(one, ['entry', 'inclusion_proof']);
      const entry = parseEntry(utf8.encode(String(text)));
      verifyInclusion(entry.leaf, entry.index, this.head.size, this.head.root, hashes(proof));
      return entry;
    });
  }

  /**
   * Whether this log continues another head of it.
   * @param {Head} head
   * @returns {Promise<void>}
   * @throws {ProtocolError} "log"
   * @throws {import('./record.js').Unreachable}
   */
  async continues(head) {
    demand(head.size >= 1 && head.size <= this.head.size, 'log', `The log is shorter than ${head.size} entries.`);
    const answer = head.size === this.head.size ? { proof: [] } : await this.#record.proof(`/log/consistency?old=${head.size}&new=${this.head.size}`);
    verifyConsistency(head.size, head.root, this.head.size, this.head.root, hashes(answer.proof));
  }

  /**
   * @param {typeof NOTICES[number]} kind
   * @returns {Entry[]}
   */
  notices(kind) {
    return this.#notices[kind] ?? [];
  }

  /**
   * @param {string} kind
   * @returns {Promise<Entry[]>} all entries of a rare kind
   */
  async #all(kind) {
    /** @type {Entry[]} */
    const all = [];
    for (let start = 0; ; start = /** @type {Entry} */ (all.at(-1)).index + 1) {
      const page = await this.#entries(`kind=${kind}&start=${start}`);
      demand(page.every((one) => one.type === kind && one.index >= start), 'log', 'The server answered with other entries.');
      all.push(...page);
      if (page.length < AT_ONCE) return all;
    }
  }

  /** @returns {null} what counts cannot be told without reading all of it */
  counted() {
    return null;
  }
}
