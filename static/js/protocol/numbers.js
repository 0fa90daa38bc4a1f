/**
 * Whole numbers: powers, inverses, bytes. BigInt is not constant-time: whoever can measure the voter's
 * processor while it encrypts may learn something; the voter's device is trusted (threat model).
 * @module
 */
import { demand } from './errors.js';

/**
 * The number of bits of a non-negative number (0 has none).
 * @param {bigint} value
 * @returns {number}
 */
export function bitLength(value) {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(parseInt(hex[0], 16)) + 28;
}

/**
 * The remainder in 0 … modulus−1, for negative numbers too.
 * @param {bigint} value
 * @param {bigint} modulus
 * @returns {bigint}
 */
export function mod(value, modulus) {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/**
 * base^exponent mod modulus, exponent ≥ 0, with a window of four bits.
 * @param {bigint} base
 * @param {bigint} exponent
 * @param {bigint} modulus
 * @returns {bigint}
 */
export function power(base, exponent, modulus) {
  if (exponent < 0n) return power(inverse(base, modulus), -exponent, modulus);
  const digits = exponent.toString(16);
  const start = mod(base, modulus);
  const table = [1n % modulus, start];
  for (let i = 2; i < 16; i++) table.push((table[i - 1] * start) % modulus);
  let result = 1n % modulus;
  for (let i = 0; i < digits.length; i++) {
    if (i > 0) {
      result = (result * result) % modulus;
      result = (result * result) % modulus;
      result = (result * result) % modulus;
      result = (result * result) % modulus;
    }
    const digit = parseInt(digits[i], 16);
    if (digit > 0) result = (result * table[digit]) % modulus;
  }
  return result;
}

/**
 * The greatest common divisor of two non-negative numbers.
 * @param {bigint} a
 * @param {bigint} b
 * @returns {bigint}
 */
export function gcd(a, b) {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

/**
 * The inverse modulo `modulus`.
 * @param {bigint} value
 * @param {bigint} modulus
 * @returns {bigint}
 * @throws {ProtocolError} "proof" when there is none.
 */
export function inverse(value, modulus) {
  let [a, b] = [mod(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  demand(a === 1n, 'proof', 'A number has no inverse modulo the key.');
  return mod(x, modulus);
}

/**
 * Unsigned, big-endian.
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
export function fromBytes(bytes) {
  let hex = '0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(`0x${hex}`);
}

/**
 * Unsigned, big-endian, of exactly `width` bytes.
 * @param {bigint} value
 * @param {number} width
 * @returns {Uint8Array}
 * @throws {ProtocolError} "encoding" when it does not fit.
 */
export function toBytes(value, width) {
  demand(value >= 0n, 'encoding', 'A number is negative.');
  const hex = value.toString(16).padStart(2 * width, '0');
  demand(hex.length === 2 * width, 'encoding', `A number does not fit into ${width} bytes.`);
  const bytes = new Uint8Array(width);
  for (let i = 0; i < width; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
