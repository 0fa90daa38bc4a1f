/**
 * What the board answers to a cast ballot: promise, refusal, receipt (protocol, section 7).
 * @module
 */
import { canonical, decodeBytes, encodeBytes, parseTime, take, takeArray } from './codec.js';
import { parseCheckpoint } from './checkpoint.js';
import { demand } from './errors.js';
import { leafHash, verifyInclusion } from './merkle.js';
import { verify } from './signatures.js';

/** @typedef {{origin: string, boardKey: string}} BoardIdentity */
/** @typedef {{election: string, voter: string, tracker: string, previous: string, signature: string}} Cast what the booth sent */
/** @typedef {{election: string, tracker: string, time: string, signature: string}} Promised */
/** @typedef {{election: string, tracker: string, reason: string, time: string, signature: string}} Refusal */
/** @typedef {{election: string, voter: string, tracker: string, index: number, time: string, leaf_hash: string, checkpoint: string, inclusion_proof: string[], signature: string}} Receipt */

/**
 * @param {Record<string, import('./codec.js').Json>} document
 * @param {string} tag
 * @param {string} boardKey
 */
function checkSignature(document, tag, boardKey) {
  const { signature, ...others } = document;
  verify(boardKey, tag, others, signature);
}

/**
 * @param {Record<string, import('./codec.js').Json>} document
 * @param {{election: string, tracker: string}} cast
 */
function checkSubject(document, cast) {
  demand(document.election === cast.election && document.tracker === cast.tracker, 'record', 'The board answered about another ballot.');
}

/**
 * @param {unknown} value
 * @param {{election: string, tracker: string}} cast
 * @param {BoardIdentity} board
 * @returns {Promised}
 * @throws {ProtocolError} "encoding", "record", "signature"
 */
export function verifyPromise(value, cast, board) {
  const document = take(value, ['election', 'tracker', 'time', 'signature']);
  checkSubject(document, cast);
  parseTime(document.time);
  checkSignature(document, 'promise', board.boardKey);
  return /** @type {Promised} */ (/** @type {unknown} */ (document));
}

/**
 * @param {unknown} value
 * @param {{election: string, tracker: string}} cast
 * @param {BoardIdentity} board
 * @returns {Refusal}
 * @throws {ProtocolError} "encoding", "record", "signature"
 */
export function verifyRefusal(value, cast, board) {
  const document = take(value, ['election', 'tracker', 'reason', 'time', 'signature']);
  checkSubject(document, cast);
  parseTime(document.time);
  demand(typeof document.reason === 'string', 'encoding', 'A refusal gives no reason.');
  checkSignature(document, 'refusal', board.boardKey);
  return /** @type {Refusal} */ (/** @type {unknown} */ (document));
}

/**
 * The hash of the log's leaf for a ballot.
 * @param {Cast} cast
 * @param {number} index
 * @param {string} time
 * @returns {Uint8Array}
 */
export function ballotLeaf(cast, index, time) {
  const body = { voter: cast.voter, tracker: cast.tracker, previous: cast.previous, signature: cast.signature };
  return leafHash(canonical({ index, time, type: 'ballot', body }));
}

/**
 * Check a receipt: it is signed, it is about this ballot, and the ballot stands in the log that the board signed.
 * @param {unknown} value
 * @param {Cast} cast
 * @param {BoardIdentity} board
 * @returns {Receipt}
 * @throws {ProtocolError} "encoding", "record", "signature", "log"
 */
export function verifyReceipt(value, cast, board) {
  const document = take(value, ['election', 'voter', 'tracker', 'index', 'time', 'leaf_hash', 'checkpoint', 'inclusion_proof', 'signature']);
  checkSubject(document, cast);
  demand(document.voter === cast.voter, 'record', 'The receipt is made out to another voter.');
  checkSignature(document, 'receipt', board.boardKey);
  const { index, time } = document;
  parseTime(time);
  demand(typeof index === 'number', 'encoding', 'A receipt gives no place in the log.');
  demand(typeof document.checkpoint === 'string', 'encoding', 'A receipt has no checkpoint.');
  const leaf = ballotLeaf(cast, index, String(time));
  demand(encodeBytes(leaf) === document.leaf_hash, 'log', 'What stands in the log is not the ballot that was cast.');
  const head = parseCheckpoint(document.checkpoint, board.origin, board.boardKey);
  const proof = takeArray(document.inclusion_proof).map((hash) => decodeBytes(hash, 32));
  verifyInclusion(leaf, index, head.size, head.root, proof);
  return /** @type {Receipt} */ (/** @type {unknown} */ (document));
}
