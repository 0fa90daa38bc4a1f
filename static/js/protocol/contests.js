/**
 * A contest compiles to cells, statements and outputs (protocol, section 4); a choice becomes the plaintexts of its cells.
 * @module
 */
import { demand } from './errors.js';

/** @typedef {import('./manifest.js').Contest} Contest */
/** @typedef {{cell: number, weight: bigint}} Term */
/**
 * Σ weight·cell + constant lies in `values` (ascending).
 * @typedef {{terms: Term[], constant: bigint, values: bigint[]}} Statement
 */
/**
 * `cells` ciphertexts; `outputs` are decrypted, one slot of 32 bits each, but a packed contest's only output holds `slots` of them.
 * @typedef {{cells: number, statements: Statement[], outputs: Term[][], packed: boolean, slots: number}} Layout
 */
/**
 * choose: ids of options · score, points: {id: number} · rank: ids, best first, or lists of ids that are level.
 * @typedef {string[]|Record<string, number>|string[][]} Choice
 */

const SLOT_BITS = 32n;
const MAX_BRANCHES = 65536;
const BIT = [0n, 1n];

/**
 * How many slots of 32 bits one ciphertext holds.
 * @param {number} modulusBits
 * @returns {number}
 */
export function slotsOf(modulusBits) {
  return Math.floor((modulusBits - 129) / 32);
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {bigint[]}
 */
function range(low, high) {
  return Array.from({ length: high - low + 1 }, (_, i) => BigInt(low + i));
}

/**
 * @param {[number, bigint][]} terms
 * @param {bigint[]} values
 * @returns {Statement}
 */
function statement(terms, values) {
  return { terms: terms.map(([cell, weight]) => ({ cell, weight })), constant: 0n, values };
}

/**
 * @param {number} cells
 * @param {bigint[]} values
 * @returns {Statement[]} that each cell is one of the values
 */
function each(cells, values) {
  return Array.from({ length: cells }, (_, cell) => statement([[cell, 1n]], values));
}

/**
 * @param {number} cells
 * @returns {Term[][]} that every cell is an output
 */
function everyCell(cells) {
  return Array.from({ length: cells }, (_, cell) => [{ cell, weight: 1n }]);
}

/**
 * The weights by which bits make every number from 0 to `points` and no other.
 * @param {number} points
 * @returns {bigint[]}
 */
export function bitWeights(points) {
  const total = BigInt(points) + 1n;
  const weights = [];
  let weight = 1n;
  for (; 2n * weight <= total; weight *= 2n) weights.push(weight);
  if (total > weight) weights.push(total - weight);
  return weights;
}

/**
 * The ordered pairs of a ranking, lexicographic: all of them with ties, else those with a < b.
 * @param {number} options
 * @param {boolean} ties
 * @returns {[number, number][]}
 */
export function pairsOf(options, ties) {
  /** @type {[number, number][]} */
  const pairs = [];
  for (let a = 0; a < options; a++) for (let b = ties ? 0 : a + 1; b < options; b++) if (a !== b) pairs.push([a, b]);
  return pairs;
}

/**
 * @param {number} options
 * @param {boolean} ties
 * @returns {Layout}
 */
function compileRank(options, ties) {
  const pairs = pairsOf(options, ties);
  const cellOf = new Map(pairs.map(([a, b], cell) => [a * options + b, cell]));
  const at = (/** @type {number} */ a, /** @type {number} */ b) => /** @type {number} */ (cellOf.get(a * options + b));
  const statements = each(pairs.length, BIT);
  if (ties) for (const [a, b] of pairsOf(options, false)) statements.push(statement([[at(a, b), 1n], [at(b, a), 1n]], BIT));
  for (let a = 0; a < options; a++) {
    for (let b = ties ? 0 : a + 1; b < options; b++) {
      for (let c = ties ? 0 : b + 1; c < options; c++) {
        if (a !== b && b !== c && a !== c) statements.push(statement([[at(a, b), 1n], [at(b, c), 1n], [at(a, c), -1n]], BIT));
      }
    }
  }
  return { cells: pairs.length, statements, outputs: everyCell(pairs.length), packed: false, slots: 0 };
}

/**
 * How many branches a contest has, reckoned before anything is built, so that a hostile manifest cannot hang the browser.
 * @param {Contest} contest
 * @returns {number}
 */
function branches(contest) {
  const k = contest.options.length;
  if (contest.kind === 'choose') return 2 * k + contest.max - contest.min + 1;
  if (contest.kind === 'score') return k * (contest.top + 1);
  if (contest.kind === 'points') return 2 * (k + 1) * bitWeights(contest.points).length + 1;
  const pairs = (k * (k - 1)) / 2;
  return contest.ties ? 2 * (3 * pairs + k * (k - 1) * (k - 2)) : 2 * (pairs + (pairs * (k - 2)) / 3);
}

/**
 * Compile a contest.
 * @param {Contest} contest
 * @param {number} slots of one ciphertext
 * @returns {Layout}
 * @throws {ProtocolError} "contest" when it is too large
 */
export function compileContest(contest, slots) {
  const k = contest.options.length;
  if (contest.kind === 'choose' && contest.min === 1 && contest.max === 1 && k <= slots) {
    const values = Array.from({ length: k }, (_, j) => 1n << (SLOT_BITS * BigInt(j)));
    return { cells: 1, statements: [statement([[0, 1n]], values)], outputs: everyCell(1), packed: true, slots: k };
  }
  demand(branches(contest) <= MAX_BRANCHES, 'contest', 'A contest has more than 65,536 branches; split it.');
  if (contest.kind === 'rank') return compileRank(k, contest.ties);
  if (contest.kind === 'points') {
    const weights = bitWeights(contest.points);
    const cells = (k + 1) * weights.length;
    const sum = statement(Array.from({ length: cells }, (_, cell) => [cell, weights[cell % weights.length]]), [BigInt(contest.points)]);
    const outputs = contest.options.map((_, i) => weights.map((weight, j) => ({ cell: i * weights.length + j, weight })));
    return { cells, statements: [...each(cells, BIT), sum], outputs, packed: false, slots: 0 };
  }
  if (contest.kind === 'score') return { cells: k, statements: each(k, range(0, contest.top)), outputs: everyCell(k), packed: false, slots: 0 };
  const sum = statement(Array.from({ length: k }, (_, cell) => [cell, 1n]), range(contest.min, contest.max));
  return { cells: k, statements: [...each(k, BIT), sum], outputs: everyCell(k), packed: false, slots: 0 };
}

/**
 * How many n-th powers one proof run takes: one a cell and one a branch.
 * @param {Layout} layout
 * @returns {number}
 */
export function powersOf(layout) {
  return layout.statements.reduce((sum, one) => sum + one.values.length, layout.cells);
}

/**
 * Σ weight·m + constant.
 * @param {Statement} one
 * @param {bigint[]} plaintexts of all cells
 * @returns {bigint}
 */
export function evaluate(one, plaintexts) {
  return one.terms.reduce((sum, { cell, weight }) => sum + weight * plaintexts[cell], one.constant);
}
