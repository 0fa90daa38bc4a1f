/**
 * Paillier encryption with g = 1 + n, and the powers of h that short exponents need (protocol, sections 3 and 4).
 * @module
 */
import { encodeNumber, expand } from './codec.js';
import { Comb } from './comb.js';
import { slotsOf } from './contests.js';
import { demand } from './errors.js';
import { bitLength, gcd, mod, power } from './numbers.js';

/** Bits of a challenge. */
export const CHALLENGE_BITS = 128;
/** Bits by which a mask is longer than what it hides. */
const HIDING_BITS = 128;

/** The election's modulus. */
export class PublicKey {
  /** @param {bigint} n */
  constructor(n) {
    this.n = n;
    this.nSquared = n * n;
    /** |n| */
    this.bits = bitLength(n);
    demand(this.bits % 16 === 0 && this.bits >= 256 && this.bits <= 16384 && n % 4n === 1n, 'key', "The key's modulus has a wrong length or form.");
    /** W: bytes of a number modulo n. */
    this.width = this.bits / 8;
    this.slots = slotsOf(this.bits);
  }

  /**
   * Enc(m; r) = (1 + m·n)·r^n mod n².
   * @param {bigint} m
   * @param {bigint} r a unit modulo n
   * @returns {bigint}
   */
  encrypt(m, r) {
    return (this.constant(m) * power(r, this.n, this.nSquared)) % this.nSquared;
  }

  /**
   * 1 + m·n mod n², for negative m too.
   * @param {bigint} m
   * @returns {bigint}
   */
  constant(m) {
    return 1n + mod(m, this.n) * this.n;
  }

  /**
   * @param {bigint} value
   * @returns {boolean} whether it has no factor in common with n
   */
  isUnit(value) {
    return gcd(value % this.n, this.n) === 1n;
  }

  /**
   * h = −expand("evote/1/h", {n}, |n|+128)² mod n, a base that nobody picked.
   * @returns {bigint}
   */
  base() {
    const root = expand('h', { n: encodeNumber(this.n, this.width) }, this.bits + 128) % this.n;
    return this.n - ((root * root) % this.n);
  }
}

/** The short exponents of a key: two combs, of h modulo n and of h^n modulo n². */
export class ShortPowers {
  /**
   * Building takes some tens of milliseconds at 3072 bits.
   * @param {PublicKey} key
   * @param {bigint} weight the largest Σ|weight| of a statement that will be proved
   */
  constructor(key, weight) {
    this.key = key;
    /** Bits of ρ, the exponent that stands for the randomness of a cell. */
    this.randomnessBits = key.bits / 2;
    const base = key.base();
    const bits = this.maskBits(weight) + 1;
    this.roots = new Comb(base, key.n, bits);
    this.masks = new Comb(power(base, key.n, key.nSquared), key.nSquared, bits);
  }

  /**
   * T = 2^(|n|/2 + 256 + s) with 2^s ≥ Σ|weight|.
   * @param {bigint} weight Σ|weight| of the statement
   * @returns {number} bits of T − 1
   */
  maskBits(weight) {
    return this.randomnessBits + CHALLENGE_BITS + HIDING_BITS + (weight > 1n ? bitLength(weight - 1n) : 0);
  }
}
