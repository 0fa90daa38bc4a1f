import test from 'node:test';
import assert from 'node:assert/strict';
import { createPrivateKey, hkdfSync, sign, verify as nodeVerify, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { ed25519, sha512 } from '../../static/vendor/noble/noble.js';
import { SigningKey, checkPublicKey, verify, verifyBytes } from '../../static/js/protocol/signatures.js';
import { CodeError, credentialKey, newCode, parseCode, shortTracker, voterNumber } from '../../static/js/protocol/credentials.js';
import { digest, encodeBytes } from '../../static/js/protocol/codec.js';

const refuses = (act, check) => assert.throws(act, { name: 'ProtocolError', check });
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const { Point } = ed25519;
const L = Point.CURVE().n;
const littleEndian = (value) => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse();

test('signatures agree with the platform in both directions', () => {
  fc.assert(fc.property(seeds, fc.string(), (seed, text) => {
    const key = new SigningKey(seed);
    const mine = Buffer.from(key.sign('cast', { text }), 'base64url');
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const secret = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    assert.deepEqual(sign(null, digest('cast', { text }), secret), mine);
    assert.ok(nodeVerify(null, digest('cast', { text }), createPublicKey(secret), mine));
    verify(key.public, 'cast', { text }, encodeBytes(mine));
    refuses(() => verify(key.public, 'open', { text }, encodeBytes(mine)), 'signature');
  }), { numRuns: 20 });
});

test('any flipped bit is refused', () => {
  const key = new SigningKey(new Uint8Array(32).fill(9));
  const signature = Buffer.from(key.sign('cast', {}), 'base64url');
  fc.assert(fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
    const changed = Uint8Array.from(signature);
    changed[bit >> 3] ^= 1 << (bit & 7);
    refuses(() => verify(key.public, 'cast', {}, encodeBytes(changed)), 'signature');
  }), { numRuns: 40 });
});

test('S + L is refused', () => {
  const key = new SigningKey(new Uint8Array(32).fill(9));
  const signature = Uint8Array.from(Buffer.from(key.sign('cast', {}), 'base64url'));
  const S = BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString('hex')}`);
  signature.set(littleEndian(S + L), 32);
  refuses(() => verify(key.public, 'cast', {}, encodeBytes(signature)), 'signature');
});

// Points of order 1, 2, 4, 8 and encodings that are not canonical.
for (const text of [
  `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`, '00'.repeat(32), `${'00'.repeat(31)}80`,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  `01${'00'.repeat(30)}80`, `ee${'ff'.repeat(30)}7f`, `ed${'ff'.repeat(30)}7f`, 'ff'.repeat(32),
]) {
  test(`no public key: ${text.slice(0, 8)}…${text.slice(-2)}`, () => refuses(() => checkPublicKey(encodeBytes(hex(text))), 'signature'));
}

test('a key with a part of small order is refused, and so is an R with one', () => {
  const torsion = Point.fromBytes(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'));
  refuses(() => checkPublicKey(encodeBytes(Point.BASE.add(torsion).toBytes())), 'signature');
  // With cofactor, this signature under key 1·B would pass: R = 5·B + torsion, S = 5 + k.
  const key = Point.BASE.toBytes();
  const R = Point.BASE.multiplyUnsafe(5n).add(torsion).toBytes();
  const message = new Uint8Array(32);
  const k = BigInt(`0x${Buffer.from(sha512(new Uint8Array([...R, ...key, ...message]))).reverse().toString('hex')}`) % L;
  const signature = new Uint8Array([...R, ...littleEndian((5n + k) % L)]);
  assert.ok(ed25519.verify(signature, message, key, { zip215: false }), 'noble multiplies by the cofactor');
  refuses(() => verifyBytes(key, message, signature), 'signature');
});

test('codes are read back in any spelling', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 100n - 1n }), fc.boolean(), (bits, lower) => {
    const code = newCode(bits);
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{2}$/);
    const spelled = code.replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('-', ' ');
    assert.equal(parseCode(lower ? spelled.toLowerCase() : spelled), code.replaceAll('-', '').slice(0, 20));
  }));
});

test('one wrong character, or two neighbours swapped, is noticed', () => {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 100n - 1n }), fc.nat(21), fc.nat(31), (bits, at, other) => {
    const code = newCode(bits).replaceAll('-', '');
    fc.pre(code[at] !== alphabet[other]);
    assert.throws(() => parseCode(code.slice(0, at) + alphabet[other] + code.slice(at + 1)), (error) => error instanceof CodeError && error.fault === 'check');
    if (at < 21 && code[at] !== code[at + 1]) assert.throws(() => parseCode(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2)), { fault: 'check' });
  }));
});

test('what is wrong with a code is said', () => {
  assert.throws(() => parseCode('ABCDE'), { fault: 'length' });
  assert.throws(() => parseCode('ABCDU-ABCDE'), { fault: 'sign', sign: 'U' });
  assert.throws(() => parseCode(''), { fault: 'length' });
});

test('the key is HKDF of the code, salted with the manifest hash', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 100n - 1n }), seeds, (bits, salt) => {
    const code = parseCode(newCode(bits));
    const seed = new Uint8Array(hkdfSync('sha256', code, salt, 'evote/1/credential', 32));
    assert.equal(credentialKey(code, salt).public, new SigningKey(seed).public);
  }), { numRuns: 20 });
});

test('names for people are the first 125 bits', () => {
  const tracker = encodeBytes(new Uint8Array(32).fill(0xff));
  assert.equal(shortTracker(tracker), 'ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ');
  assert.equal(shortTracker(encodeBytes(new Uint8Array(32).fill(0).fill(0x08, 0, 1))), '10000-00000-00000-00000-00000');
  assert.equal(voterNumber('x'), shortTracker(encodeBytes(digest('voter', { voter: 'x' }))));
});

