/** A key document with its certificate, made from the factors (protocol, section 3). For tests: the real ceremony is Python's. */
import { encodeNumber, expand, decodeNumber } from '../../static/js/protocol/codec.js';
import { fromBytes, inverse, power, toBytes } from '../../static/js/protocol/numbers.js';
import { randomBits } from '../../static/js/protocol/random.js';

/** Whether a number is a square modulo a prime. */
const square = (value, prime) => power(value, (prime - 1n) / 2n, prime) === 1n;

function roots(p, q, number) {
  const n = p * q;
  const order = ((p - 1n) / 2n) * ((q - 1n) / 2n);
  let u = n - 1n;
  while (u % 2n === 0n) u /= 2n;
  let w = 2n;
  while (square(w, p) === square(w, q)) w += 1n;
  const exponent = inverse(2n * n * u, order);
  return Array.from({ length: 128 }, (_, i) => {
    const y = expand('root', { n: number(n), i }, number.bits + 128) % n;
    for (const a of [0, 1]) {
      for (const b of [0, 1]) {
        const target = ((a ? n - 1n : 1n) * (b ? w : 1n) * y) % n;
        if (square(target % p, p) && square(target % q, q)) return { a, b, x: number(power(target, exponent, n)) };
      }
    }
    throw new Error('no root: p and q are not what they should be');
  });
}

function size(p, q, number) {
  const n = p * q;
  const half = number.bits / 2;
  const bases = Array.from({ length: 16 }, (_, i) => (expand('size', { n: number(n), i }, number.bits + 128) % n) ** 2n % n);
  const masks = bases.map(() => randomBits(half + 257));
  const A = bases.map((base, i) => number(power(base, masks[i], n)));
  const challenge = toBytes(expand('size-challenge', { n: number(n), A }, 2048), 256);
  return masks.map((mask, i) => {
    const e = fromBytes(challenge.subarray(16 * i, 16 * i + 16));
    return { A: A[i], z: encodeNumber(mask + e * (p + q - 1n), Math.ceil((half + 258) / 8)) };
  });
}

/**
 * @param {bigint} p a safe prime
 * @param {bigint} q another
 * @param {string} manifest M
 * @param {{name: string, key: string}[]} trustees of whom two are needed
 */
export function makeKey(p, q, manifest, trustees) {
  const n = p * q;
  const bits = n.toString(2).length;
  const number = Object.assign((value) => encodeNumber(value, bits / 8), { bits });
  const order = ((p - 1n) / 2n) * ((q - 1n) / 2n);
  const secret = inverse(n, order);
  const slope = randomBits(bits + 128) % order;
  const v = expand('v', { n: number(n) }, bits + 128) ** 2n % n;
  return {
    version: 1, manifest, n: number(n), dealer: true, share_bits: bits,
    trustees: trustees.map(({ name, key }, i) => ({ name, key, v: number(power(v, (secret + slope * BigInt(i + 1)) % order, n)) })),
    certificate: { roots: roots(p, q, number), size: size(p, q, number) },
  };
}

/** Check the certificate's equations, as a test of the maker. */
export function checkKey(key, bits) {
  const n = decodeNumber(key.n, bits / 8);
  let u = n - 1n;
  while (u % 2n === 0n) u /= 2n;
  const jacobi = (a, m) => {
    let sign = 1;
    for (a %= m; a !== 0n; [a, m] = [m % a, a]) {
      for (; a % 2n === 0n; a /= 2n) if (m % 8n === 3n || m % 8n === 5n) sign = -sign;
      if (a % 4n === 3n && m % 4n === 3n) sign = -sign;
    }
    return m === 1n ? sign : 0;
  };
  let w = 2n;
  while (jacobi(w, n) !== -1) w += 1n;
  const good = key.certificate.roots.every(({ a, b, x }, i) => {
    const y = expand('root', { n: key.n, i }, bits + 128) % n;
    return power(decodeNumber(x, bits / 8), 2n * n * u, n) === ((a ? n - 1n : 1n) * (b ? w : 1n) * y) % n;
  });
  const challenge = toBytes(expand('size-challenge', { n: key.n, A: key.certificate.size.map(({ A }) => A) }, 2048), 256);
  return good && key.certificate.size.every(({ A, z }, i) => {
    const g = (expand('size', { n: key.n, i }, bits + 128) % n) ** 2n % n;
    const e = fromBytes(challenge.subarray(16 * i, 16 * i + 16));
    return power(g, decodeNumber(z, Math.ceil((bits / 2 + 258) / 8)), n) === (decodeNumber(A, bits / 8) * power(g, n * e, n)) % n;
  });
}
