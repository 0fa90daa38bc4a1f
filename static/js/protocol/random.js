/**
 * Randomness: only from the browser's own generator.
 * @module
 */
import { fromBytes } from './numbers.js';

/**
 * A uniform number below 2^bits.
 * @callback RandomBits
 * @param {number} bits
 * @returns {bigint}
 */

/** @type {RandomBits} */
export function randomBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  // One call gives at most 65,536 bytes; no number of the protocol comes near.
  crypto.getRandomValues(bytes);
  return fromBytes(bytes) >> BigInt(8 * bytes.length - bits);
}
