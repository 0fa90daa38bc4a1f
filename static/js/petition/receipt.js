/**
 * Checking a signer's receipt against a petition's record (specification, 18.6). Pure: bytes in, an outcome out.
 * @module
 */
import { parseCheckpoint } from '../protocol/checkpoint.js';
import { decodeBytes, digest, encodeBytes, canonical, parseCanonical, sameBytes } from '../protocol/codec.js';
import { leafHash, nodeHash, verifyInclusion } from '../protocol/merkle.js';
import { verify } from '../protocol/signatures.js';

/**
 * What was found. `index` is the signature's entry, `removal` the entry that took it off.
 * @typedef {{say: string, good: boolean, index?: number, removal?: number, reason?: string}} Outcome
 */

/** A tree's root, grown leaf by leaf. */
export class Roots {
  /** @type {Uint8Array[]} */
  #peaks = [];

  size = 0;

  /** @param {Uint8Array} leaf */
  append(leaf) {
    let made = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = Math.floor(rest / 2)) made = nodeHash(/** @type {Uint8Array} */ (this.#peaks.pop()), made);
    this.#peaks.push(made);
    this.size += 1;
  }

  /** @returns {Uint8Array} */
  root() {
    return this.#peaks.reduceRight((root, peak) => nodeHash(peak, root));
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array[]} lines without their ends
 */
export function linesOf(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/**
 * @param {Uint8Array} bytes
 * @returns {any} a receipt whose fields are there
 */
function readReceipt(bytes) {
  const value = /** @type {any} */ (parseCanonical(bytes));
  const fields = ['body', 'logged', 'opening', 'petition', 'promise', 'version'];
  if (Object.keys(value).sort().join() !== fields.join() || value.version !== 1) throw new Error('no receipt');
  if (!Array.isArray(value.logged) || value.logged.length > 1 || !Array.isArray(value.opening)) throw new Error('no receipt');
  return value;
}

/**
 * @param {any} receipt
 * @param {any} petition
 * @param {string} hash P
 * @returns {string} what is wrong with the receipt in itself, or nothing
 */
function faultOf(receipt, petition, hash) {
  if (receipt.petition !== hash) return 'other';
  try {
    verify(petition.board_key, 'petition-promise', { petition: hash, body: receipt.body }, receipt.promise);
  } catch {
    return 'promise';
  }
  if (receipt.opening.length > 0 && encodeBytes(digest('petition-signer', receipt.opening[0])) !== receipt.body.commitment) return 'opening';
  return '';
}

/**
 * @param {any} receipt
 * @param {any} petition
 * @returns {{head: import('../protocol/checkpoint.js').Head, leaf: Uint8Array}|null} null: not logged yet
 */
function provenPlace(receipt, petition) {
  const [place] = receipt.logged;
  if (place === undefined) return null;
  const head = parseCheckpoint(place.checkpoint, petition.log_origin, petition.board_key);
  const type = 'voter' in receipt.body ? 'credential' : 'confirmed';
  const leaf = leafHash(canonical({ index: place.index, time: place.time, type, body: receipt.body }));
  verifyInclusion(leaf, place.index, head.size, head.root, place.proof.map((/** @type {string} */ node) => decodeBytes(node, 32)));
  return { head, leaf };
}

/**
 * Go through the log: is the entry there, and does it count?
 * @param {any} receipt
 * @param {Uint8Array[]} log lines
 * @param {import('../protocol/checkpoint.js').Head} head of the record
 * @param {{head: import('../protocol/checkpoint.js').Head, leaf: Uint8Array}|null} proven
 * @returns {Outcome}
 */
function follow(receipt, log, head, proven) {
  const roots = new Roots();
  const mine = canonical(receipt.body);
  let index = -1;
  let removal = -1;
  let reason = '';
  for (const line of log.slice(0, head.size)) {
    roots.append(leafHash(line));
    if (proven !== null && roots.size === proven.head.size && !sameBytes(roots.root(), proven.head.root)) return { say: 'forked', good: false };
    const entry = /** @type {any} */ (parseCanonical(line));
    if (['confirmed', 'credential'].includes(entry.type) && sameBytes(canonical(entry.body), mine)) [index, removal] = [entry.index, -1];
    else if (entry.type === 'remove' && entry.body.entry === index) [removal, reason] = [entry.index, entry.body.reason];
    else if (entry.type === 'restore' && entry.body.entry === index) removal = -1;
    else if (index >= 0 && [entry.body.voter, entry.body.old].includes(receipt.body.voter ?? '') && ['strike', 'replace'].includes(entry.type)) [removal, reason] = [entry.index, 'struck'];
  }
  if (roots.size !== head.size || !sameBytes(roots.root(), head.root)) return { say: 'record', good: false };
  if (index < 0) return { say: 'missing', good: false };
  return removal < 0 ? { say: 'counted', good: true, index } : { say: 'removed', good: true, index, removal, reason };
}

/**
 * Check a receipt.
 * @param {Uint8Array} file the receipt
 * @param {(name: string) => Promise<Uint8Array>} read gives a file of the record
 * @returns {Promise<Outcome>}
 */
export async function checkReceipt(file, read) {
  let receipt;
  try {
    receipt = readReceipt(file);
  } catch {
    return { say: 'unreadable', good: false };
  }
  try {
    const petition = /** @type {any} */ (parseCanonical(await read('petition.json')));
    const fault = faultOf(receipt, petition, encodeBytes(digest('petition', petition)));
    if (fault !== '') return { say: fault, good: false };
    let proven;
    try {
      proven = provenPlace(receipt, petition);
    } catch {
      return { say: 'proof', good: false };
    }
    const head = parseCheckpoint(new TextDecoder().decode(await read('checkpoint')), petition.log_origin, petition.board_key);
    if (proven !== null && proven.head.size > head.size) return { say: 'forked', good: false };
    const log = [];
    for (let number = 0; log.length < head.size; number++) {
      const lines = linesOf(await read(`log/${String(number).padStart(5, '0')}.jsonl`));
      if (lines.length === 0) break;
      log.push(...lines);
    }
    return follow(receipt, log, head, proven);
  } catch {
    return { say: 'record', good: false };
  }
}
