/**
 * Powers of one base, fast: a comb of eight rows (C. H. Lim, P. J. Lee: More Flexible Exponentiation with Precomputation, CRYPTO '94).
 * @module
 */
import { demand } from './errors.js';
import { inverse } from './numbers.js';

const ROWS = 8;

/** The powers of one base for exponents of up to `bits` bits: 255 numbers, and a squaring and a product for every eight bits. */
export class Comb {
  #columns;
  #table;
  #modulus;

  /**
   * @param {bigint} base
   * @param {bigint} modulus
   * @param {number} bits of the largest exponent
   */
  constructor(base, modulus, bits) {
    this.#columns = Math.ceil(bits / ROWS);
    this.#modulus = modulus;
    this.#table = [1n];
    let row = base % modulus;
    for (let i = 0; i < ROWS; i++) {
      if (i > 0) for (let k = 0; k < this.#columns; k++) row = (row * row) % modulus;
      for (let j = 0, end = this.#table.length; j < end; j++) this.#table.push((this.#table[j] * row) % modulus);
    }
  }

  /**
   * base^exponent, for negative exponents too.
   * @param {bigint} exponent
   * @returns {bigint}
   */
  power(exponent) {
    if (exponent < 0n) return inverse(this.power(-exponent), this.#modulus);
    const columns = this.#columns;
    const digits = exponent.toString(2).padStart(ROWS * columns, '0');
    demand(digits.length === ROWS * columns, 'proof', 'An exponent is longer than its comb.');
    let result = 1n;
    for (let column = 0; column < columns; column++) {
      let index = 0;
      for (let row = 0; row < ROWS; row++) if (digits.charCodeAt(row * columns + column) === 49) index |= 1 << (ROWS - 1 - row);
      result = (result * result) % this.#modulus;
      result = (result * this.#table[index]) % this.#modulus;
    }
    return result;
  }
}
