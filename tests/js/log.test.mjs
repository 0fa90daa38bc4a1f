import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { leafHash, verifyConsistency, verifyInclusion } from '../../static/js/protocol/merkle.js';
import { parseCheckpoint } from '../../static/js/protocol/checkpoint.js';
import { verifyPromise, verifyReceipt, verifyRefusal } from '../../static/js/protocol/receipts.js';
import { encodeBytes } from '../../static/js/protocol/codec.js';
import { board, manifest, seal, signer } from './fixtures.mjs';
import { answers, checkpoint, consistencyOf, logOf, pathOf, rootOf } from './logs.mjs';

const leaves = Array.from({ length: 40 }, (_, i) => leafHash(new Uint8Array([i])));
const refuses = (act, check = 'log') => assert.throws(act, { name: 'ProtocolError', check });
const flip = (bytes, at) => bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte));

test('every leaf of every log up to forty is included, nothing else is', () => {
  for (let size = 1; size <= leaves.length; size++) {
    const log = leaves.slice(0, size);
    const root = rootOf(log);
    for (let index = 0; index < size; index++) {
      const path = pathOf(index, log);
      verifyInclusion(leaves[index], index, size, root, path);
      refuses(() => verifyInclusion(leaves[(index + 1) % 40], index, size, root, path));
      refuses(() => verifyInclusion(leaves[index], index, size, root, [...path, root]));
      if (path.length > 0) refuses(() => verifyInclusion(leaves[index], index, size, root, path.slice(1)));
    }
  }
  for (const [index, size] of [[1, 1], [-1, 3], [0.5, 3], [0, 0], [NaN, 3]]) refuses(() => verifyInclusion(leaves[0], index, size, leaves[0], []));
});

test('every log continues every shorter one, and no other', () => {
  for (let size = 1; size <= leaves.length; size++) {
    const log = leaves.slice(0, size);
    for (let old = 1; old <= size; old++) {
      const proof = consistencyOf(old, log);
      const [before, after] = [rootOf(log.slice(0, old)), rootOf(log)];
      verifyConsistency(old, before, size, after, proof);
      refuses(() => verifyConsistency(old, flip(before, 3), size, after, proof));
      refuses(() => verifyConsistency(old, before, size, flip(after, 3), proof));
      if (proof.length > 0) refuses(() => verifyConsistency(old, before, size, after, proof.slice(0, -1)));
      refuses(() => verifyConsistency(old, before, size, after, [...proof, after]));
    }
  }
  refuses(() => verifyConsistency(0, leaves[0], 1, leaves[0], []));
  refuses(() => verifyConsistency(2, leaves[0], 1, leaves[0], []));
});

test('a checkpoint is read', () => {
  const head = parseCheckpoint(checkpoint(8, leaves[0]), manifest.log_origin, board.public);
  assert.equal(head.size, 8);
  assert.deepEqual(head.root, leaves[0]);
});
test('a checkpoint of another log, another key, or a changed one', () => {
  const text = checkpoint(8, leaves[0]);
  refuses(() => parseCheckpoint(text, 'other.example', board.public));
  refuses(() => parseCheckpoint(text, manifest.log_origin, signer(9).public));
  fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom(...'aZ09+/= \n'), (at, sign) => {
    const changed = text.slice(0, at) + sign + text.slice(at + 1);
    // The witness's own line may change: it is ignored.
    const witness = text.indexOf('\u2014');
    fc.pre(changed !== text && (at < witness || at > text.indexOf('\n', witness)));
    assert.throws(() => parseCheckpoint(changed, manifest.log_origin, board.public), (error) => error instanceof ProtocolError);
  }));
  for (const hostile of ['', '\n', '\n\n', 'x\n\n', text.slice(0, -1), text.replace('\n8\n', '\n08\n'), text.replace('\n8\n', '\n-8\n'), `${text}\n`, text.replaceAll('\n', '\r\n')]) {
    assert.throws(() => parseCheckpoint(hostile, manifest.log_origin, board.public), (error) => error instanceof ProtocolError);
  }
});

const identity = { origin: manifest.log_origin, boardKey: board.public };
const given = answers(logOf(seal({ style: 'two' }), 11));

test('promise, refusal and receipt are accepted', () => {
  verifyPromise(given.promise, given.castDocument, identity);
  verifyRefusal(given.refusal, given.castDocument, identity);
  assert.equal(verifyReceipt(given.receipt, given.castDocument, identity).index, 4);
});

test('any changed field of them is refused', () => {
  for (const [document, check] of [[given.promise, verifyPromise], [given.refusal, verifyRefusal], [given.receipt, verifyReceipt]]) {
    for (const field of Object.keys(document)) {
      for (const value of ['x', 7, [], null, encodeBytes(new Uint8Array(32).fill(3))]) {
        assert.throws(() => check({ ...document, [field]: value }, given.castDocument, identity), (error) => error instanceof ProtocolError, field);
      }
      const { [field]: _, ...less } = document;
      refuses(() => check(less, given.castDocument, identity), 'encoding');
    }
    refuses(() => check({ ...document, more: 1 }, given.castDocument, identity), 'encoding');
    refuses(() => check(document, given.castDocument, { ...identity, boardKey: signer(9).public }), 'signature');
  }
});

test('a receipt signed by the board is refused all the same when the log does not hold the ballot', () => {
  const signed = (change) => {
    const { signature: _, ...document } = { ...given.receipt, ...change };
    return { ...document, signature: board.sign('receipt', document) };
  };
  const check = (change) => verifyReceipt(signed(change), given.castDocument, identity);
  check({});
  refuses(() => check({ index: 5 }));
  refuses(() => check({ time: '2026-11-22T09:00:01Z' }));
  refuses(() => check({ inclusion_proof: given.receipt.inclusion_proof.slice(1) }));
  refuses(() => check({ leaf_hash: encodeBytes(leaves[0]) }));
  refuses(() => check({ checkpoint: checkpoint(4, leaves[0]) }));
  refuses(() => check({ checkpoint: checkpoint(11, leaves[0]) }));
  refuses(() => check({ checkpoint: given.receipt.checkpoint.replace(manifest.log_origin, 'x') }));
  refuses(() => verifyReceipt(given.receipt, { ...given.castDocument, previous: given.castDocument.tracker }, identity));
});
