/**
 * The published result: certificates (M, R) against the ciphertexts, totals out of M (protocol, sections 3, 8 and 9).
 * @module
 */
import { decodeBytes, decodeNumber, parseCanonical, take, takeArray } from '../protocol/codec.js';
import { compileContest } from '../protocol/contests.js';
import { demand } from '../protocol/errors.js';
import { power } from '../protocol/numbers.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/paillier.js').PublicKey} PublicKey */
/** @typedef {{id: string, ballots: number, weight: number, ciphertexts: string[], certificates: {m: string, r: string}[], totals: number[], outcome: {elected: string[], tied: string[]}}} Counted */
/** @typedef {{election: string, size: number, root: Uint8Array, counted: string, contests: Counted[], partials: unknown[]}} Tally */

const SLOT_BITS = 32n;
const SLOT = (1n << SLOT_BITS) - 1n;

/** @param {unknown} value @returns {number} */
function whole(value) {
  demand(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0, 'record', 'A number of the tally is not a whole one.');
  return value;
}

/** @param {unknown} value @returns {string[]} */
function texts(value) {
  return takeArray(value).map((one) => {
    demand(typeof one === 'string', 'encoding', 'A text of the tally is missing.');
    return one;
  });
}

/**
 * Read tally.json by its form.
 * @param {Uint8Array} bytes
 * @param {Contest[]} contests of the manifest
 * @returns {Tally}
 * @throws {ProtocolError} "encoding", "record"
 */
export function parseTally(bytes, contests) {
  const raw = take(parseCanonical(bytes), ['version', 'election', 'size', 'root', 'counted', 'contests', 'partials']);
  demand(raw.version === 1, 'record', 'The tally is of another version of the protocol.');
  const counted = takeArray(raw.contests, contests.length).map((one, i) => {
    const found = take(one, ['id', 'ballots', 'weight', 'ciphertexts', 'certificates', 'totals', 'outcome']);
    demand(found.id === contests[i].id, 'record', 'The tally does not have the contests of the manifest in their order.');
    const outcome = take(found.outcome, ['elected', 'tied']);
    return {
      id: contests[i].id, ballots: whole(found.ballots), weight: whole(found.weight), ciphertexts: texts(found.ciphertexts),
      certificates: takeArray(found.certificates).map((pair) => /** @type {{m: string, r: string}} */ (take(pair, ['m', 'r']))),
      totals: takeArray(found.totals).map(whole), outcome: { elected: texts(outcome.elected), tied: texts(outcome.tied) },
    };
  });
  return { election: String(raw.election), size: whole(raw.size), root: decodeBytes(raw.root, 32), counted: String(raw.counted), contests: counted, partials: takeArray(raw.partials) };
}

/**
 * Check one certificate: C ≡ (1 + M·n)·R^n (mod n²). No other M can pass for this C.
 * @param {PublicKey} key
 * @param {string} ciphertext
 * @param {{m: string, r: string}} certificate
 * @returns {bigint} M
 * @throws {ProtocolError} "encoding", "proof"
 */
export function openedBy(key, ciphertext, { m, r }) {
  const C = decodeNumber(ciphertext, 2 * key.width);
  const [M, R] = [decodeNumber(m, key.width), decodeNumber(r, key.width)];
  demand(C < key.nSquared && key.isUnit(C) && M < key.n && R < key.n && key.isUnit(R), 'proof', 'A number of a certificate is out of its range.');
  demand((key.constant(M) * power(R, key.n, key.nSquared)) % key.nSquared === C, 'proof', 'A certificate does not open its ciphertext.');
  return M;
}

/**
 * How many totals each ciphertext of a contest holds.
 * @param {Contest} contest
 * @param {number} slots of one ciphertext
 * @returns {number[]}
 */
export function packing(contest, slots) {
  const layout = compileContest(contest, slots);
  const outputs = layout.packed ? layout.slots : layout.outputs.length;
  return Array.from({ length: Math.ceil(outputs / slots) }, (_, i) => Math.min(slots, outputs - i * slots));
}

/**
 * Take the totals out of the opened plaintexts.
 * @param {bigint[]} plaintexts
 * @param {number[]} held how many totals each of them holds
 * @returns {number[]}
 * @throws {ProtocolError} "proof" when one is larger than its slots
 */
export function unpack(plaintexts, held) {
  return plaintexts.flatMap((M, i) => {
    demand(M >> (SLOT_BITS * BigInt(held[i])) === 0n, 'proof', 'An opened number is larger than its totals can be.');
    return Array.from({ length: held[i] }, (_, j) => Number((M >> (SLOT_BITS * BigInt(j))) & SLOT));
  });
}
