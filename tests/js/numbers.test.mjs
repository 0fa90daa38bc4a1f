import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bitLength, fromBytes, gcd, inverse, mod, power, toBytes } from '../../static/js/protocol/numbers.js';
import { Comb } from '../../static/js/protocol/comb.js';
import { randomBits } from '../../static/js/protocol/random.js';
import { P, Q, election, powers } from './fixtures.mjs';

const n = P * Q;
const big = fc.bigInt({ min: 0n, max: n - 1n });

test('powers, inverses and combs agree', () => {
  const comb = new Comb(3n, n, 520);
  fc.assert(fc.property(big, big, fc.boolean(), (base, exponent, negative) => {
    let plain = 1n;
    for (const bit of exponent.toString(2)) plain = (plain * plain * (bit === '1' ? base : 1n)) % n;
    assert.equal(power(base, exponent, n), plain);
    assert.equal(comb.power(negative ? -exponent : exponent), power(3n, negative ? -exponent : exponent, n));
    if (gcd(base, n) === 1n) assert.equal((inverse(base, n) * base) % n, 1n);
  }), { numRuns: 40 });
  assert.throws(() => comb.power(1n << 520n), { check: 'proof' });
  assert.throws(() => inverse(P, n), { check: 'proof' });
});

test('bytes and lengths', () => {
  fc.assert(fc.property(big, (value) => {
    assert.equal(fromBytes(toBytes(value, 64)), value);
    assert.equal(bitLength(value), value === 0n ? 0 : value.toString(2).length);
    assert.equal(mod(-value, n), value === 0n ? 0n : n - value);
  }));
});

test('random numbers stay below their bound and use all of it', () => {
  for (const bits of [1, 7, 8, 9, 128, 1537]) {
    const drawn = Array.from({ length: 60 }, () => randomBits(bits));
    assert.ok(drawn.every((value) => value >= 0n && bitLength(value) <= bits));
    assert.ok(drawn.some((value) => bitLength(value) === bits));
  }
});

test('the base of short exponents is minus a square, and its powers are encryptions of 0', () => {
  const { key } = election;
  const h = key.base();
  const square = (value, prime) => power(value, (prime - 1n) / 2n, prime) === 1n;
  assert.ok(square(n - h, P) && square(n - h, Q));
  const rho = randomBits(powers.randomnessBits);
  assert.equal(powers.masks.power(rho), key.encrypt(0n, powers.roots.power(rho)));
});

test('encryption adds', () => {
  const { key } = election;
  const [p1, q1] = [(P - 1n) / 2n, (Q - 1n) / 2n];
  const decrypt = (c) => ((power(c, 4n * p1 * q1, key.nSquared) - 1n) / n) * inverse(4n * p1 * q1, n) % n;
  fc.assert(fc.property(fc.nat(), fc.nat(), big, big, (a, b, r, s) => {
    fc.pre(gcd(r, n) === 1n && gcd(s, n) === 1n);
    assert.equal(decrypt(key.encrypt(BigInt(a), r) * key.encrypt(BigInt(b), s) % key.nSquared), BigInt(a + b));
  }), { numRuns: 10 });
});
