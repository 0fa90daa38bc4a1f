/**
 * The whole log, read and hashed in the browser: then the server can hide nothing, and never learns which ballot is looked for.
 * @module
 */
import { digest, encodeBytes, sameBytes } from '../protocol/codec.js';
import { demand } from '../protocol/errors.js';
import { nodeHash } from '../protocol/merkle.js';
import { NOTICES, isWanted, parseEntry } from './entries.js';

/** @typedef {import('./entries.js').Entry} Entry */
/** @typedef {import('../protocol/checkpoint.js').Head} Head */

const LINES_A_FILE = 10_000;
const PAUSE_EVERY = 500;

/** The right edge of a growing Merkle tree (RFC 9162): enough to tell the root of every size it passes. */
export class Frontier {
  /** @type {{level: number, hash: Uint8Array}[]} */
  #peaks = [];

  /** @param {Uint8Array} leaf its hash */
  append(leaf) {
    let peak = { level: 0, hash: leaf };
    for (let last = this.#peaks.at(-1); last !== undefined && last.level === peak.level; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { level: peak.level + 1, hash: nodeHash(last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
  }

  /** @returns {Uint8Array} of the leaves so far, at least one */
  root() {
    return this.#peaks.map((one) => one.hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

/** Who has a ballot that counts, as the log tells it. */
class Count {
  /** @type {Map<string, string>} {voter: tracker of the latest ballot} */
  #latest = new Map();
  #withdrawn = new Set();

  /** @param {Entry} entry */
  add({ type, index, body }) {
    if (type === 'ballot') {
      const voter = String(body.voter);
      demand(body.previous === (this.#latest.get(voter) ?? ''), 'log', `Entry ${index} does not follow its voter's latest ballot.`);
      demand(!this.#withdrawn.has(voter), 'log', `Entry ${index} is a ballot of a voter who was replaced or struck.`);
      this.#latest.delete(voter); // so that the order is that of the latest ballots
      this.#latest.set(voter, String(body.tracker));
    } else if (type === 'replace' || type === 'strike') {
      this.#withdrawn.add(String(type === 'replace' ? body.old : body.voter));
    }
  }

  /** @returns {string[]} trackers of the ballots that count, in the order of the log */
  trackers() {
    return [...this.#latest].filter(([voter]) => !this.#withdrawn.has(voter)).map(([, tracker]) => tracker);
  }
}

/** A log of which every entry was read. */
export class WholeLog {
  whole = true;
  /** @type {Entry[]} ballots that were looked for, ascending */
  found = [];
  /** @type {Uint8Array[]} */
  firstFour = [];
  /** @type {Record<string, Entry[]>} */
  #notices = Object.fromEntries(NOTICES.map((kind) => [kind, []]));
  /** @type {Map<number, Uint8Array>} */
  #roots = new Map();
  #count = new Count();
  #frontier = new Frontier();

  /**
   * @param {Head} head of the signed checkpoint
   * @param {import('./entries.js').Wanted} wanted
   * @param {number[]} sizes whose roots will be asked for
   */
  constructor(head, wanted, sizes) {
    this.head = head;
    this.wanted = { ...wanted };
    this.sizes = new Set(sizes);
  }

  /**
   * Read all of it.
   * @param {import('./record.js').PublicRecord} record
   * @param {(done: number, total: number) => void} progress
   * @throws {ProtocolError} "encoding", "log"
   * @throws {import('./record.js').Unreachable}
   */
  async read(record, progress) {
    let at = 0;
    let time = '';
    while (at < this.head.size) {
      const before = at;
      for await (const line of record.lines(`log/${String(Math.floor(at / LINES_A_FILE)).padStart(5, '0')}.jsonl`)) {
        if (at === this.head.size) break;
        const entry = parseEntry(line.slice());
        demand(entry.index === at && entry.time >= time, 'log', `Entry ${at} of the log is out of place.`);
        this.#take(entry);
        [at, time] = [at + 1, entry.time];
        if (at % PAUSE_EVERY === 0) {
          progress(at, this.head.size);
          await new Promise((go) => setTimeout(go));
        }
        if (at % LINES_A_FILE === 0) break;
      }
      demand(at > before && (at % LINES_A_FILE === 0 || at === this.head.size), 'log', `The log ends after ${at} entries, but the board signed ${this.head.size}.`);
    }
    demand(at > 0 && sameBytes(this.#frontier.root(), this.head.root), 'log', 'The entries of the log do not give the root that the board signed.');
  }

  /** @param {Entry} entry */
  #take(entry) {
    this.#frontier.append(entry.leaf);
    this.#count.add(entry);
    if (entry.index < 4) this.firstFour.push(entry.bytes);
    if (Object.hasOwn(this.#notices, entry.type)) this.#notices[entry.type].push(entry);
    if (isWanted(entry, this.wanted)) {
      this.found.push(entry);
      if (entry.type === 'ballot' && this.wanted.voter === '') this.wanted.voter = String(entry.body.voter);
    }
    const size = entry.index + 1;
    if (this.sizes.has(size) || entry.type === 'close') this.#roots.set(size, this.#frontier.root());
  }

  /**
   * Whether this log continues another head of it.
   * @param {Head} head
   * @returns {Promise<void>}
   * @throws {ProtocolError} "log"
   */
  async continues(head) {
    const root = head.size === this.head.size ? this.head.root : this.#roots.get(head.size);
    demand(root !== undefined, 'log', `The log is shorter than ${head.size} entries.`);
    demand(sameBytes(root, head.root), 'log', `The first ${head.size} entries of the log are not those that were signed then.`);
  }

  /**
   * @param {typeof NOTICES[number]} kind
   * @returns {Entry[]}
   */
  notices(kind) {
    return this.#notices[kind];
  }

  /** @returns {{ballots: number, hash: string}} what counts: how many, and H("evote/1/counted") */
  counted() {
    const trackers = this.#count.trackers();
    return { ballots: trackers.length, hash: encodeBytes(digest('counted', trackers)) };
  }
}
