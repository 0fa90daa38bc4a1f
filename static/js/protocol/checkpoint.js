/**
 * Heads of the log: C2SP checkpoints (tlog-checkpoint, signed-note), signed by the board with Ed25519.
 * @module
 */
import { sha256 } from '../../vendor/noble/noble.js';
import { decodeBytes, sameBytes } from './codec.js';
import { ProtocolError, demand } from './errors.js';
import { verifyBytes } from './signatures.js';

/** @typedef {{size: number, root: Uint8Array}} Head */

const utf8 = new TextEncoder();
const SIGNATURE_LINE = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/**
 * Standard base64 with padding, the way C2SP writes it.
 * @param {string} text
 * @returns {Uint8Array}
 */
function base64(text) {
  const bare = text.replace(/={1,2}$/, '');
  demand(text.length % 4 === 0 && /^[A-Za-z0-9+/]*$/.test(bare) && text.length - bare.length === (4 - (bare.length % 4)) % 4, 'log', 'A checkpoint holds bad base64.');
  try {
    return decodeBytes(bare.replace(/\+/g, '-').replace(/\//g, '_'));
  } catch {
    throw new ProtocolError('log', 'A checkpoint holds bad base64.');
  }
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} body
 * @param {Uint8Array} signature
 * @throws {ProtocolError} "log"
 */
function checkSignature(key, body, signature) {
  try {
    verifyBytes(key, body, signature);
  } catch {
    throw new ProtocolError('log', "The board's signature does not fit this checkpoint.");
  }
}

/**
 * Read a checkpoint and check the board's signature. Signatures by others are ignored.
 * @param {string} text
 * @param {string} origin the manifest's log_origin, which is the key's name too
 * @param {string} boardKey base64url
 * @returns {Head}
 * @throws {ProtocolError} "log"
 */
export function parseCheckpoint(text, origin, boardKey) {
  const end = text.lastIndexOf('\n\n');
  demand(end > 0 && text.endsWith('\n') && !/[\0-\x09\x0b-\x1f\x7f]/.test(text), 'log', 'A checkpoint is not a signed note.');
  const body = text.slice(0, end + 1);
  const signatures = text.slice(end + 2, -1).split('\n');
  const [name, size, root] = body.split('\n');
  demand(name === origin, 'log', 'A checkpoint is of another log.');
  demand(/^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size)), 'log', 'A checkpoint has no proper size.');
  const hash = base64(root ?? '');
  demand(hash.length === 32, 'log', 'The root of a checkpoint is not 32 bytes.');
  const key = decodeBytes(boardKey, 32);
  const id = sha256(new Uint8Array([...utf8.encode(origin), 0x0a, 0x01, ...key])).subarray(0, 4);
  let signed = false;
  for (const line of signatures) {
    const found = SIGNATURE_LINE.exec(line);
    demand(found !== null, 'log', 'A checkpoint has a line that is no signature.');
    const bytes = base64(found[2]);
    demand(bytes.length > 4, 'log', 'A checkpoint has a signature that is too short.');
    if (found[1] !== origin || !sameBytes(bytes.subarray(0, 4), id)) continue;
    checkSignature(key, utf8.encode(body), bytes.subarray(4));
    signed = true;
  }
  demand(signed, 'log', 'The board did not sign this checkpoint.');
  return { size: Number(size), root: hash };
}
