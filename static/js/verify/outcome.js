/**
 * Who is elected, by the manifest's rule and with whole numbers only (protocol, section 9). People, not programs, break ties.
 * @module
 */
import { pairsOf } from '../protocol/contests.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {{elected: Set<number>, tied: Set<number>}} Places */

/**
 * @param {number[]} candidates
 * @param {number} seats
 * @param {(a: number, b: number) => number} order above 0: a stands strictly above b
 * @returns {Places}
 */
function seated(candidates, seats, order) {
  /** @type {Places} */
  const found = { elected: new Set(), tied: new Set() };
  for (const one of candidates) {
    const others = candidates.filter((other) => other !== one);
    if (others.filter((other) => order(one, other) <= 0).length < seats) found.elected.add(one);
    else if (others.filter((other) => order(other, one) > 0).length < seats) found.tied.add(one);
  }
  return found;
}

/**
 * How much weight puts a above b, for every ordered pair; a strict ranking leaves the rest to the other half.
 * @param {Contest & {kind: "rank"}} contest
 * @param {number[]} totals
 * @param {number} weight counted
 * @returns {number[][]}
 */
export function preferences(contest, totals, weight) {
  const d = contest.options.map(() => contest.options.map(() => 0));
  pairsOf(contest.options.length, contest.ties).forEach(([a, b], i) => {
    d[a][b] = totals[i];
    if (!contest.ties) d[b][a] = weight - totals[i];
  });
  return d;
}

/**
 * Schulze's strongest paths by winning votes.
 * @param {number[][]} d
 * @param {number[]} candidates
 * @returns {number[][]}
 */
export function strongestPaths(d, candidates) {
  const p = d.map((row, a) => row.map((votes, b) => (votes > d[b][a] ? votes : 0)));
  for (const middle of candidates) {
    for (const a of candidates) {
      for (const b of candidates) {
        if (a !== b && a !== middle && b !== middle) p[a][b] = Math.max(p[a][b], Math.min(p[a][middle], p[middle][b]));
      }
    }
  }
  return p;
}

/**
 * @param {{budget: number, costs: number[]}} rule
 * @param {number[]} totals
 * @param {number[]} candidates
 * @returns {Places}
 */
function funded({ budget, costs }, totals, candidates) {
  /** @type {Places} */
  const found = { elected: new Set(), tied: new Set() };
  let left = budget;
  const levels = [...new Set(candidates.map((one) => totals[one]))].sort((a, b) => b - a);
  for (const level of levels) {
    if (level === 0 && levels.length > 1) break; // an option without a vote is elected only where nobody has more
    const group = candidates.filter((one) => totals[one] === level && costs[one] <= left);
    const cost = group.reduce((sum, one) => sum + costs[one], 0);
    if (cost > left) return { ...found, tied: new Set(group) };
    group.forEach((one) => found.elected.add(one));
    left -= cost;
  }
  return found;
}

/**
 * Apply a contest's rule to its totals.
 * @param {Contest} contest
 * @param {number[]} totals one an option, or a pair
 * @param {number} weight Σ weights of the counted ballots
 * @param {number} eligible Σ weights of those who may vote in it; matters for a majority with a turnout only
 * @returns {{elected: string[], tied: string[]}} in the order of the manifest
 */
export function decide(contest, totals, weight, eligible) {
  const { rule } = contest;
  const ids = contest.options.map((option) => option.id);
  const candidates = ids.flatMap((id, i) => (id === contest.abstain ? [] : [i]));
  const names = (/** @type {Set<number>} */ set) => ids.filter((_, i) => set.has(i));
  /** @type {Places} */
  let found = { elected: new Set(), tied: new Set() };
  if (rule.name === 'majority') {
    const all = candidates.reduce((sum, one) => sum + totals[one], 0);
    const of = ids.indexOf(rule.of);
    if (100 * totals[of] > rule.percent * all && 100 * weight >= rule.turnout_percent * eligible) found.elected.add(of);
  } else if (rule.name === 'budget') {
    found = funded(rule, totals, candidates);
  } else if (contest.kind === 'rank') {
    const d = preferences(contest, totals, weight);
    const p = strongestPaths(d, candidates);
    const score = d.map((row) => candidates.reduce((sum, one) => sum + row[one], 0));
    found = seated(candidates, rule.seats, rule.name === 'borda' ? (a, b) => score[a] - score[b] : (a, b) => p[a][b] - p[b][a]);
  } else {
    found = seated(candidates, rule.seats, (a, b) => totals[a] - totals[b]);
    if (candidates.some((one) => totals[one] > 0)) {
      for (const one of [...found.elected].filter((place) => totals[place] === 0)) {
        found.elected.delete(one);
        found.tied.add(one);
      }
    }
  }
  return { elected: names(found.elected), tied: names(found.tied) };
}
