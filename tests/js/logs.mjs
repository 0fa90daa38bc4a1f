/** A small Merkle log, its proofs by the definition of RFC 9162 (section 2.1), and a board that signs. */
import { createHash } from 'node:crypto';
import { canonical, encodeBytes } from '../../static/js/protocol/codec.js';
import { leafHash, nodeHash } from '../../static/js/protocol/merkle.js';
import { ballotLeaf } from '../../static/js/protocol/receipts.js';
import { ed25519 } from '../../static/vendor/noble/noble.js';
import { board, election, manifest, record } from './fixtures.mjs';

/** The largest power of two below a number. */
const split = (size) => 2 ** Math.ceil(Math.log2(size) - 1);

/** MTH: the root over leaf hashes. */
export function rootOf(leaves) {
  if (leaves.length === 0) return new Uint8Array(createHash('sha256').digest());
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

/** PATH: the proof of inclusion. */
export function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  if (index < k) return [...pathOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))];
  return [...pathOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

/** PROOF: the proof of consistency. */
export function consistencyOf(size, leaves, complete = true) {
  if (size === leaves.length) return complete ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  if (size <= k) return [...consistencyOf(size, leaves.slice(0, k), complete), rootOf(leaves.slice(k))];
  return [...consistencyOf(size - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

/** A signed-note signature line by a seed that is one number repeated. */
function signatureLine(name, number, body) {
  const seed = new Uint8Array(32).fill(number);
  const key = ed25519.getPublicKey(seed);
  const id = createHash('sha256').update(name).update(Buffer.from([0x0a, 0x01])).update(key).digest().subarray(0, 4);
  return `\u2014 ${name} ${Buffer.concat([id, ed25519.sign(new TextEncoder().encode(body), seed)]).toString('base64')}\n`;
}

/** A checkpoint signed by the board (seed 1) and by a witness. */
export function checkpoint(size, root, origin = manifest.log_origin) {
  const body = `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  return `${body}\n${signatureLine('witness.example', 77, body)}${signatureLine(origin, 1, body)}`;
}

/** A log of the election's four entries, a ballot, and filling up to a size. */
export function logOf(sealed, size) {
  const time = '2026-11-22T09:00:00Z';
  const castDocument = { election: election.fingerprint, voter: sealed.ballot.voter, tracker: sealed.tracker, previous: sealed.ballot.previous, signature: sealed.signature };
  const leaves = [...record.entries.map(leafHash), ballotLeaf(castDocument, 4, time)];
  while (leaves.length < size) leaves.push(leafHash(canonical({ index: leaves.length, time, type: 'audited', body: { tracker: encodeBytes(new Uint8Array(32).fill(leaves.length)) } })));
  return { castDocument, leaves, time };
}

/** What the board answers about the ballot of such a log. */
export function answers({ castDocument, leaves, time }) {
  const { election: F, voter, tracker } = castDocument;
  const signed = (tag, document) => ({ ...document, signature: board.sign(tag, document) });
  const root = rootOf(leaves);
  const head = { text: checkpoint(leaves.length, root), size: leaves.length, root: encodeBytes(root) };
  return {
    castDocument,
    head,
    promise: signed('promise', { election: F, tracker, time }),
    refusal: signed('refusal', { election: F, tracker, reason: 'A proof does not hold.', time }),
    receipt: signed('receipt', {
      election: F, voter, tracker, index: 4, time, leaf_hash: encodeBytes(leaves[4]), checkpoint: head.text, inclusion_proof: pathOf(4, leaves).map(encodeBytes),
    }),
  };
}

