/**
 * Entries of the log, and what somebody looks for among them.
 * @module
 */
import { parseCanonical, parseTime, take } from '../protocol/codec.js';
import { shortTracker, voterNumber } from '../protocol/credentials.js';
import { demand } from '../protocol/errors.js';
import { leafHash } from '../protocol/merkle.js';

/** @typedef {{index: number, time: string, type: string, body: Record<string, unknown>, leaf: Uint8Array, bytes: Uint8Array}} Entry */
/**
 * What the voter holds: a ballot's tracker in full, or the beginning of its code; and the voter's key where it is known.
 * @typedef {{tracker: string, code: string, voter: string}} Wanted
 */

/** Those that say which ballots count, and where the election stands. */
export const NOTICES = /** @type {const} */ (['replace', 'strike', 'close', 'annul', 'tally']);

/** @type {Wanted} */
export const NOTHING = { tracker: '', code: '', voter: '' };

/**
 * @param {Uint8Array} bytes of one line, without its newline
 * @returns {Entry}
 * @throws {ProtocolError} "encoding", "log"
 */
export function parseEntry(bytes) {
  const { index, time, type, body } = take(parseCanonical(bytes), ['index', 'time', 'type', 'body']);
  demand(typeof index === 'number' && typeof type === 'string', 'log', 'An entry of the log does not have its form.');
  demand(typeof body === 'object' && body !== null && !Array.isArray(body), 'log', 'An entry of the log has no body.');
  parseTime(time);
  return { index, time: String(time), type, body, leaf: leafHash(bytes), bytes };
}

/**
 * @param {Entry} entry
 * @param {Wanted} wanted
 * @returns {boolean} whether the entry is the ballot looked for, or another one of its voter
 */
export function isWanted(entry, wanted) {
  const { tracker, voter } = entry.body;
  if (entry.type === 'ballot' && wanted.voter !== '' && voter === wanted.voter) return true;
  if (entry.type !== 'ballot' && entry.type !== 'audited') return false;
  return isNamed(entry, wanted) && typeof tracker === 'string';
}

/**
 * @param {Entry} entry
 * @param {Wanted} wanted
 * @returns {boolean} whether the entry has the tracker looked for
 */
export function isNamed(entry, wanted) {
  const tracker = entry.body.tracker;
  if (typeof tracker !== 'string') return false;
  if (wanted.tracker !== '') return tracker === wanted.tracker;
  return wanted.code !== '' && shortTracker(tracker).replaceAll('-', '').startsWith(wanted.code);
}

/**
 * What to ask the server for, so that it finds the ballot and the others of its voter.
 * @param {Wanted} wanted
 * @returns {string[]}
 */
export function questionsFor(wanted) {
  const questions = [wanted.tracker || wanted.code, wanted.voter && voterNumber(wanted.voter)];
  return questions.filter((one) => one !== '');
}
