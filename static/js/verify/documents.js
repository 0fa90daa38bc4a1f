/**
 * What a voter brings: a receipt, a promise, a refusal or an opened ballot as the booth saved it; or a tracker, typed or pasted.
 * @module
 */
import { asciiDigits } from '../booth/words.js';
import { decodeBytes, digest, encodeBytes, parseCanonical, parseTime, take, takeArray } from '../protocol/codec.js';
import { parseCheckpoint } from '../protocol/checkpoint.js';
import { demand } from '../protocol/errors.js';
import { verifyInclusion } from '../protocol/merkle.js';
import { verify } from '../protocol/signatures.js';

/** @typedef {import('../protocol/receipts.js').Receipt} Receipt */
/** @typedef {import('../protocol/receipts.js').BoardIdentity} BoardIdentity */
/** @typedef {{kind: "receipt", document: Receipt}} AReceipt */
/** @typedef {{kind: "promise", document: import('../protocol/receipts.js').Promised}} APromise */
/** @typedef {{kind: "refusal", document: import('../protocol/receipts.js').Refusal}} ARefusal */
/** @typedef {{tracker: string, election: string, ballot: unknown, openings: unknown}} Audited a ballot that was opened */
/** @typedef {{kind: "audit", document: Audited}} AnAudit */
/** @typedef {AReceipt|APromise|ARefusal} Signed what the board has signed */
/** @typedef {Signed|AnAudit} Brought */

const FIELDS = {
  receipt: ['election', 'voter', 'tracker', 'index', 'time', 'leaf_hash', 'checkpoint', 'inclusion_proof', 'signature'],
  promise: ['election', 'tracker', 'time', 'signature'],
  refusal: ['election', 'tracker', 'reason', 'time', 'signature'],
};
const MOST_BYTES = 20_000_000;
const LEAST_SIGNS = 10;

/** A file or a tracker that is not what is wanted here; `say` is the key of a sentence. */
export class WrongInput extends Error {
  /** @param {string} say */
  constructor(say) {
    super(say);
    this.say = say;
  }
}

/**
 * Read a file that should be a receipt or an opened ballot. White space around it, and a mark at its beginning, do not matter: people's programs add them.
 * @param {Uint8Array} bytes
 * @returns {Brought}
 * @throws {WrongInput}
 */
export function readDocument(bytes) {
  if (bytes.length === 0) throw new WrongInput('file-empty');
  if (bytes.length > MOST_BYTES) throw new WrongInput('file-other');
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    throw new WrongInput('file-other');
  }
  if (!text.startsWith('{')) throw new WrongInput('file-other');
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WrongInput(text.endsWith('}') ? 'file-broken' : 'file-truncated');
  }
  const found = Object.keys(value).sort().join();
  for (const [kind, fields] of Object.entries(FIELDS)) {
    if (found === [...fields].sort().join()) return /** @type {Brought} */ ({ kind, document: checked(text) });
  }
  if (found === 'ballot,openings') return { kind: 'audit', document: readAudit(checked(text)) };
  throw new WrongInput('file-other');
}

/** @param {unknown} value @returns {Audited} by its name; what it holds is checked later */
function readAudit(value) {
  try {
    const { ballot, openings } = take(value, ['ballot', 'openings']);
    const { election } = take(ballot, ['version', 'election', 'voter', 'previous', 'contests']);
    return { tracker: encodeBytes(digest('ballot', ballot)), election: String(election), ballot, openings };
  } catch {
    throw new WrongInput('file-broken');
  }
}

/** @param {string} text @returns {unknown} the same value, of which nothing was hidden by a doubled key */
function checked(text) {
  try {
    return parseCanonical(new TextEncoder().encode(text));
  } catch {
    throw new WrongInput('file-broken');
  }
}

/**
 * Read a tracker: in full as machines write it, or the beginning of its five groups.
 * @param {string} typed
 * @returns {{tracker: string, code: string}}
 * @throws {WrongInput}
 */
export function readTracker(typed) {
  const text = asciiDigits(typed).replace(/\s/g, '');
  try {
    decodeBytes(text, 32);
    return { tracker: text, code: '' };
  } catch {
    const code = text.replaceAll('-', '').toUpperCase().replace(/[IL]/g, '1').replaceAll('O', '0');
    if (!/^[0-9A-HJKMNP-TV-Z]*$/.test(code) || code.length > 25) throw new WrongInput('tracker-wrong');
    if (code.length < LEAST_SIGNS) throw new WrongInput('tracker-short');
    return { tracker: '', code };
  }
}

/**
 * Check the board's signature on what was brought.
 * @param {Signed} brought
 * @param {BoardIdentity} board
 * @throws {ProtocolError} "encoding", "signature"
 */
export function checkSigned({ kind, document }, board) {
  const { signature, ...others } = document;
  parseTime(document.time);
  decodeBytes(document.tracker, 32);
  verify(board.boardKey, kind, others, signature);
}

/**
 * Check that a receipt's own proof leads from its leaf to a head that the board signed.
 * @param {Receipt} document
 * @param {BoardIdentity} board
 * @returns {import('../protocol/checkpoint.js').Head} that of the receipt
 * @throws {ProtocolError} "encoding", "log"
 */
export function checkProof(document, board) {
  const { checkpoint, inclusion_proof: proof } = take(document, /** @type {(keyof Receipt)[]} */ (FIELDS.receipt));
  demand(typeof checkpoint === 'string', 'encoding', 'A receipt has no checkpoint.');
  const head = parseCheckpoint(checkpoint, board.origin, board.boardKey);
  verifyInclusion(decodeBytes(document.leaf_hash, 32), document.index, head.size, head.root, takeArray(proof).map((hash) => decodeBytes(hash, 32)));
  return head;
}
