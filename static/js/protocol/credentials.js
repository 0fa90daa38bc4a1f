/**
 * Credential codes, trackers and voter numbers as people see them (protocol, section 6).
 * @module
 */
import { hkdf, sha256 } from '../../vendor/noble/noble.js';
import { decodeBytes, digest } from './codec.js';
import { ProtocolError, demand } from './errors.js';
import { fromBytes } from './numbers.js';
import { SigningKey } from './signatures.js';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_MODULUS = 1021n;
const ascii = new TextEncoder();

/**
 * A number as Crockford base32, most significant first.
 * @param {bigint} value
 * @param {number} length signs
 * @returns {string}
 */
function base32(value, length) {
  let text = '';
  for (let i = length - 1; i >= 0; i--) text += CROCKFORD[Number((value >> BigInt(5 * i)) & 31n)];
  return text;
}

/**
 * @param {string} text
 * @returns {string} in fives, joined by hyphens
 */
function inFives(text) {
  return (text.match(/.{1,5}/g) ?? []).join('-');
}

/**
 * The first 125 bits of a hash as 25 signs in fives.
 * @param {Uint8Array} hash
 * @returns {string}
 */
function firstBits(hash) {
  return inFives(base32(fromBytes(hash.subarray(0, 16)) >> 3n, 25));
}

/**
 * A tracker as people see it.
 * @param {string} tracker base64url
 * @returns {string}
 */
export function shortTracker(tracker) {
  return firstBits(decodeBytes(tracker, 32));
}

/**
 * The number printed beside the code, by which a voter sees that a ballot is their own.
 * @param {string} voter public key, base64url
 * @returns {string}
 */
export function voterNumber(voter) {
  return firstBits(digest('voter', { voter }));
}

/**
 * The two check characters of a code.
 * @param {string} code 20 signs of Crockford's alphabet
 * @returns {string}
 */
function checkCharacters(code) {
  const value = [...code].reduce((sum, sign) => (sum << 5n) | BigInt(CROCKFORD.indexOf(sign)), 0n);
  return base32(value % CHECK_MODULUS, 2);
}

/**
 * Write 100 random bits as a code for print.
 * @param {bigint} bits
 * @returns {string}
 */
export function newCode(bits) {
  const code = base32(bits, 20);
  return inFives(code + checkCharacters(code));
}

/**
 * What keeps a code from being read.
 * @typedef {"sign"|"length"|"check"} CodeFault
 */

/** A code that was mistyped; `fault` says how. */
export class CodeError extends ProtocolError {
  /**
   * @param {CodeFault} fault
   * @param {string} message
   * @param {string} [sign] the sign that is not in the alphabet
   */
  constructor(fault, message, sign = '') {
    super('credential', message);
    this.fault = fault;
    this.sign = sign;
  }
}

/**
 * Read a code: case, spaces and hyphens do not matter, I and L are 1, O is 0.
 * @param {string} text
 * @returns {string} its 20 characters, upper case, without the check characters
 * @throws {CodeError}
 */
export function parseCode(text) {
  const code = text.replace(/[ -]/g, '').replace(/[a-z]/g, (sign) => sign.toUpperCase()).replace(/[IL]/g, '1').replace(/O/g, '0');
  const strange = [...code].find((sign) => !CROCKFORD.includes(sign));
  if (strange !== undefined) throw new CodeError('sign', 'A code holds a character that no code has.', strange);
  if (code.length !== 22) throw new CodeError('length', `A code has 22 characters, this one has ${code.length}.`);
  const body = code.slice(0, 20);
  if (checkCharacters(body) !== code.slice(20)) throw new CodeError('check', 'A character of the code is wrong.');
  return body;
}

/**
 * The signing key that a code stands for in one election.
 * @param {string} code 20 characters, as `parseCode` gives them
 * @param {Uint8Array} manifestHash 32 bytes
 * @returns {SigningKey}
 */
export function credentialKey(code, manifestHash) {
  demand(code.length === 20 && manifestHash.length === 32, 'credential', 'A code has 20 characters and a manifest hash 32 bytes.');
  return new SigningKey(hkdf(sha256, ascii.encode(code), manifestHash, ascii.encode('evote/1/credential'), 32));
}
