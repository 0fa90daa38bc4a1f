/**
 * The Merkle log (RFC 9162): leaf hashes, proofs of inclusion and of consistency (section 2.1.3.2 and 2.1.4.2).
 * @module
 */
import { sha256 } from '../../vendor/noble/noble.js';
import { sameBytes } from './codec.js';
import { demand } from './errors.js';

/**
 * @param {Uint8Array} leaf
 * @returns {Uint8Array}
 */
export function leafHash(leaf) {
  return sha256(new Uint8Array([0, ...leaf]));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 * @returns {Uint8Array}
 */
export function nodeHash(left, right) {
  return sha256(new Uint8Array([1, ...left, ...right]));
}

/** Halve a position in the tree; numbers may be larger than 32 bits. @param {number} at @returns {number} */
const half = (at) => Math.floor(at / 2);

/**
 * @param {unknown} size
 * @param {number} low
 */
function checkSize(size, low) {
  demand(typeof size === 'number' && Number.isSafeInteger(size) && size >= low, 'log', 'A size or place in the log is not a whole number in its range.');
}

/**
 * Check that a leaf stands in the log.
 * @param {Uint8Array} leaf its hash
 * @param {number} index
 * @param {number} size of the log
 * @param {Uint8Array} root
 * @param {Uint8Array[]} proof from the leaf upwards
 * @throws {ProtocolError} "log"
 */
export function verifyInclusion(leaf, index, size, root, proof) {
  checkSize(index, 0);
  checkSize(size, index + 1);
  let [at, last, hash] = [index, size - 1, leaf];
  for (const other of proof) {
    demand(last > 0, 'log', 'A proof of inclusion is too long.');
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(hash, other);
    }
    [at, last] = [half(at), half(last)];
  }
  demand(last === 0, 'log', 'A proof of inclusion is too short.');
  demand(sameBytes(hash, root), 'log', 'A proof of inclusion leads to another root.');
}

/**
 * Check that a log of `newSize` continues the log of `oldSize`.
 * @param {number} oldSize at least 1
 * @param {Uint8Array} oldRoot
 * @param {number} newSize
 * @param {Uint8Array} newRoot
 * @param {Uint8Array[]} proof
 * @throws {ProtocolError} "log"
 */
export function verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof) {
  checkSize(oldSize, 1);
  checkSize(newSize, oldSize);
  if (oldSize === newSize) {
    demand(proof.length === 0 && sameBytes(oldRoot, newRoot), 'log', 'Two logs of one size differ.');
    return;
  }
  let path = proof;
  let whole = oldSize;
  while (whole % 2 === 0) whole = half(whole);
  if (whole === 1) path = [oldRoot, ...proof];
  demand(path.length > 0, 'log', 'A proof of consistency is too short.');
  let [at, last] = [oldSize - 1, newSize - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [before, after] = [path[0], path[0]];
  for (const other of path.slice(1)) {
    demand(last > 0, 'log', 'A proof of consistency is too long.');
    if (at % 2 === 1 || at === last) {
      before = nodeHash(other, before);
      after = nodeHash(other, after);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      after = nodeHash(after, other);
    }
    [at, last] = [half(at), half(last)];
  }
  demand(last === 0, 'log', 'A proof of consistency is too short.');
  demand(sameBytes(before, oldRoot) && sameBytes(after, newRoot), 'log', 'The log does not continue the one seen before.');
}
