import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import oracle from 'canonicalize';
import {
  canonical, decodeBytes, decodeChallenge, decodeNumber, digest, encodeBytes, encodeChallenge, encodeNumber, expand, parseCanonical, parseTime, take,
} from '../../static/js/protocol/codec.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';

const utf8 = new TextEncoder();
const refusedBy = (check) => (error) => error instanceof ProtocolError && error.check === check;
const refuses = (act, check = 'encoding') => assert.throws(act, refusedBy(check));

const key = fc.string({ unit: 'grapheme-ascii' });
const leaf = fc.oneof(fc.boolean(), fc.maxSafeNat(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }));
const document = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', maxDepth: 8 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4 })),
})).value;

test('canonical JSON equals the oracle and is read back', () => {
  fc.assert(fc.property(document, (value) => {
    const bytes = canonical(value);
    assert.equal(new TextDecoder().decode(bytes), oracle(value));
    assert.deepEqual(canonical(parseCanonical(bytes)), bytes);
  }));
});

test('any changed byte is refused or means something else', () => {
  fc.assert(fc.property(document, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, flip) => {
    const bytes = canonical(value);
    const changed = bytes.slice();
    changed[at % bytes.length] ^= flip;
    try {
      assert.notEqual(oracle(parseCanonical(changed)), oracle(value));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      assert.equal(error.check, 'encoding');
    }
  }));
});

for (const text of [
  '{"a":1,"a":1}', '{"b":1,"a":1}', '{ "a":1}', '1.0', '1e2', '-1', '-0', '9007199254740992', '1.5', 'null', '"\\u0041"', '"\\ud800"', '{"é":1}', '', '\ufeff1', '[1,]', '01', 'NaN',
  '{"__proto__":1,"__proto__":2}', '['.repeat(17) + ']'.repeat(17), '['.repeat(100000), '"\\/"',
]) {
  test(`not canonical: ${text.slice(0, 30)}`, () => refuses(() => parseCanonical(utf8.encode(text))));
}

test('bytes that are no UTF-8', () => refuses(() => parseCanonical(new Uint8Array([0x22, 0xff, 0x22]))));
test('sixteen levels are allowed, seventeen not', () => {
  assert.ok(parseCanonical(utf8.encode('['.repeat(16) + ']'.repeat(16))));
  refuses(() => parseCanonical(utf8.encode('['.repeat(17) + ']'.repeat(17))));
});
for (const value of [undefined, null, 1n, NaN, -1, 0.5, -0, 2 ** 53, () => 1, '\udc00', { 'ü': 1 }]) {
  test(`no value for hashing: ${String(value)}`, () => refuses(() => canonical([value])));
}

test('H is SHA-256 over tag, zero byte and canonical bytes', () => {
  fc.assert(fc.property(document, (value) => {
    const expected = createHash('sha256').update('evote/1/some\0').update(oracle(value)).digest('base64url');
    assert.equal(encodeBytes(digest('some', value)), expected);
  }), { numRuns: 30 });
});

test('expand is a prefix of the hash stream', () => {
  const seed = createHash('sha256').update('evote/1/x\0{}').digest();
  const stream = [0, 1, 2].map((i) => createHash('sha256').update(seed).update(Buffer.from([0, 0, 0, i])).digest('hex')).join('');
  for (const bits of [8, 9, 256, 264, 700]) assert.equal(expand('x', {}, bits), BigInt(`0x${stream.slice(0, 2 * Math.ceil(bits / 8))}`));
});

test('base64url agrees with the platform and is read back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const text = encodeBytes(bytes);
    assert.equal(text, Buffer.from(bytes).toString('base64url'));
    assert.deepEqual(decodeBytes(text, bytes.length), bytes);
    refuses(() => decodeBytes(text, bytes.length + 1));
  }));
});
for (const text of ['A', 'AB', 'AAB', 'AA==', 'A+AA', 'A A', 'AAAA\n', 'ÄAAA', 5, null, undefined, ['AA']]) {
  test(`not base64url: ${String(text)}`, () => refuses(() => decodeBytes(text)));
}

test('numbers have a fixed width', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
    assert.equal(decodeNumber(encodeNumber(value, 17), 17), value);
    assert.equal(decodeChallenge(encodeChallenge(value)), value);
    refuses(() => decodeNumber(encodeNumber(value, 17), 16));
  }));
  refuses(() => encodeNumber(256n, 1));
  refuses(() => encodeNumber(-1n, 1));
  refuses(() => encodeChallenge(2n ** 128n));
});

for (const text of ['ABCDEF0123456789abcdef0123456789', '0', '', `0x${'0'.repeat(30)}`, 7]) test(`no challenge: ${text}`, () => refuses(() => decodeChallenge(text)));
for (const text of ['2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:00+00:00', '2026-01-01 00:00:00Z', '2026-01-01T00:00:60Z', '', 5]) {
  test(`no time: ${text}`, () => refuses(() => parseTime(text)));
}
test('a leap day is a time', () => assert.equal(parseTime('2028-02-29T23:59:59Z'), Date.UTC(2028, 1, 29, 23, 59, 59)));

test('lists of keys are closed', () => {
  assert.deepEqual(take({ a: 1 }, ['a']), { a: 1 });
  for (const value of [{}, { a: 1, b: 2 }, { b: 1 }, null, [1], 'a', Object.create({ a: 1 })]) refuses(() => take(value, ['a']));
});
