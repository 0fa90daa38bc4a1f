/**
 * Ed25519 as the protocol wants it (section 2): RFC 8032 over the 32 bytes of an H; S < L; R compared as bytes, without cofactor;
 * public keys canonical and of prime order. noble's own `verify` multiplies by the cofactor, so the equation is written out here.
 * @module
 */
import { ed25519, sha512 } from '../../vendor/noble/noble.js';
import { decodeBytes, digest, encodeBytes, sameBytes } from './codec.js';
import { ProtocolError, demand } from './errors.js';

const { Point } = ed25519;
const L = Point.CURVE().n;

/**
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
function littleEndian(bytes) {
  return [...bytes].reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * @param {Uint8Array} key 32 bytes
 * @returns {ReturnType<typeof Point.fromBytes>}
 * @throws {ProtocolError} "signature" unless it is canonical and of prime order
 */
function point(key) {
  let found;
  try {
    found = Point.fromBytes(key, false);
  } catch {
    throw new ProtocolError('signature', 'A public key is not a point in canonical form.');
  }
  demand(!found.is0() && found.isTorsionFree(), 'signature', 'A public key is not of prime order.');
  return found;
}

/**
 * @param {unknown} text 32 bytes as base64url
 * @throws {ProtocolError} "encoding", "signature"
 */
export function checkPublicKey(text) {
  point(decodeBytes(text, 32));
}

/**
 * Check a plain Ed25519 signature by the strict rules.
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes
 * @throws {ProtocolError} "signature"
 */
export function verifyBytes(key, message, signature) {
  const A = point(key);
  demand(signature.length === 64, 'signature', 'A signature is not 64 bytes long.');
  const R = signature.subarray(0, 32);
  const S = littleEndian(signature.subarray(32));
  demand(S < L, 'signature', 'A signature is not in canonical form.');
  const k = littleEndian(sha512(new Uint8Array([...R, ...key, ...message]))) % L;
  const expected = Point.BASE.multiplyUnsafe(S).subtract(A.multiplyUnsafe(k)).toBytes();
  demand(sameBytes(expected, R), 'signature', 'A signature does not fit what it should sign.');
}

/**
 * Check a signature over H("evote/1/" + tag, value).
 * @param {string} key base64url
 * @param {string} tag
 * @param {unknown} value
 * @param {unknown} signature base64url
 * @throws {ProtocolError} "encoding", "signature"
 */
export function verify(key, tag, value, signature) {
  verifyBytes(decodeBytes(key, 32), digest(tag, value), decodeBytes(signature, 64));
}

/** A secret signing key. It lives in memory only. */
export class SigningKey {
  #seed;

  /** @param {Uint8Array} seed 32 bytes */
  constructor(seed) {
    this.#seed = seed;
    /** The public key, base64url. */
    this.public = encodeBytes(ed25519.getPublicKey(seed));
  }

  /**
   * Sign H("evote/1/" + tag, value).
   * @param {string} tag
   * @param {unknown} value
   * @returns {string} base64url
   */
  sign(tag, value) {
    return encodeBytes(ed25519.sign(digest(tag, value), this.#seed));
  }
}
