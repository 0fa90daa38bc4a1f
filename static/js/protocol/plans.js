/**
 * What a voter chose, as plaintexts of the cells; and back, for an audit (protocol, section 4).
 * @module
 */
import { bitWeights, evaluate, pairsOf } from './contests.js';
import { demand } from './errors.js';

/** @typedef {import('./manifest.js').Contest} Contest */
/** @typedef {import('./contests.js').Layout} Layout */
/** @typedef {import('./contests.js').Choice} Choice */

/**
 * @param {Contest} contest
 * @param {unknown} id
 * @returns {number}
 */
function indexOf(contest, id) {
  const index = contest.options.findIndex((option) => option.id === id);
  demand(index >= 0, 'contest', 'A choice names an option that does not exist.');
  return index;
}

/**
 * @param {Contest} contest
 * @param {Choice} choice
 * @returns {number[]} one number an option, in their order
 */
function numbers(contest, choice) {
  demand(typeof choice === 'object' && !Array.isArray(choice), 'contest', 'A choice of this kind is a number for each option.');
  const given = contest.options.map(() => 0);
  for (const [id, value] of Object.entries(choice)) {
    demand(Number.isSafeInteger(value) && value >= 0, 'contest', 'A choice holds a number that is not whole.');
    given[indexOf(contest, id)] = value;
  }
  return given;
}

/**
 * Places of the options in a ranking; without a place means tied last.
 * @param {Contest} contest
 * @param {Choice} choice
 * @returns {number[]}
 */
function places(contest, choice) {
  demand(Array.isArray(choice), 'contest', 'A ranking is a list, best first.');
  const place = contest.options.map(() => choice.length);
  const seen = new Set();
  choice.forEach((tier, at) => {
    for (const id of Array.isArray(tier) ? tier : [tier]) {
      const index = indexOf(contest, id);
      demand(!seen.has(index), 'contest', 'A ranking names an option twice.');
      seen.add(index);
      place[index] = at;
    }
  });
  return place;
}

/**
 * Bits that make a number with the weights of `bitWeights`.
 * @param {number} value
 * @param {bigint[]} weights
 * @returns {bigint[]}
 */
function bits(value, weights) {
  let rest = BigInt(value);
  const chosen = weights.map(() => 0n);
  for (let j = weights.length - 1; j >= 0; j--) {
    const below = weights.slice(0, j).reduce((sum, weight) => sum + weight, 0n);
    if (rest > below) [chosen[j], rest] = [1n, rest - weights[j]];
  }
  return chosen;
}

/**
 * @param {Contest} contest
 * @param {Layout} layout
 * @param {Choice} choice
 * @returns {bigint[]}
 */
function cellsOf(contest, layout, choice) {
  if (contest.kind === 'choose') {
    demand(Array.isArray(choice), 'contest', 'A choice of this kind is a list of options.');
    const chosen = choice.map((id) => indexOf(contest, id));
    demand(new Set(chosen).size === chosen.length, 'contest', 'A choice names an option twice.');
    if (!layout.packed) return contest.options.map((_, i) => (chosen.includes(i) ? 1n : 0n));
    return [chosen.reduce((sum, j) => sum + (1n << (32n * BigInt(j))), 0n)];
  }
  if (contest.kind === 'score') return numbers(contest, choice).map(BigInt);
  if (contest.kind === 'points') {
    const given = numbers(contest, choice);
    const rest = contest.points - given.reduce((sum, one) => sum + one, 0);
    demand(rest >= 0, 'contest', 'A choice gives more points than there are.');
    const weights = bitWeights(contest.points);
    return [...given, rest].flatMap((value) => bits(value, weights));
  }
  const place = places(contest, choice);
  demand(contest.ties || new Set(place).size === place.length, 'contest', 'A ranking leaves options level that must not be.');
  return pairsOf(contest.options.length, contest.ties).map(([a, b]) => (place[a] < place[b] ? 1n : 0n));
}

/**
 * The plaintexts of a contest's cells for a choice.
 * @param {Contest} contest
 * @param {Layout} layout
 * @param {Choice} choice
 * @returns {bigint[]}
 * @throws {ProtocolError} "contest" when the choice is not allowed
 */
export function plan(contest, layout, choice) {
  const cells = cellsOf(contest, layout, choice);
  checkPlan(layout, cells);
  return cells;
}

/**
 * Refuse plaintexts that some statement forbids.
 * @param {Layout} layout
 * @param {bigint[]} cells
 * @throws {ProtocolError} "contest"
 */
export function checkPlan(layout, cells) {
  demand(cells.length === layout.cells && layout.statements.every((one) => one.values.includes(evaluate(one, cells))), 'contest', 'A choice is not allowed in this contest.');
}

/**
 * What each option (or pair of a ranking) got from the plaintexts of one ballot.
 * @param {Layout} layout
 * @param {bigint[]} cells
 * @returns {bigint[]}
 */
export function totals(layout, cells) {
  if (layout.packed) return Array.from({ length: layout.slots }, (_, j) => (cells[0] >> (32n * BigInt(j))) & 0xffffffffn);
  return layout.outputs.map((terms) => terms.reduce((sum, { cell, weight }) => sum + weight * cells[cell], 0n));
}
