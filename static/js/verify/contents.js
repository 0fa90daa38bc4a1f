/**
 * From what each option of an opened ballot got back to a choice, as the booth knows choices.
 * @module
 */
import { pairsOf } from '../protocol/contests.js';
import { demand } from '../protocol/errors.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/contests.js').Choice} Choice */

/**
 * @param {Contest} contest
 * @param {bigint[]} totals of each option, or of each pair of a ranking
 * @returns {Choice}
 * @throws {ProtocolError} "contest" when no choice gives these
 */
export function choiceOf(contest, totals) {
  const ids = contest.options.map(({ id }) => id);
  if (contest.kind === 'rank') return ranking(ids, contest.ties, totals);
  demand(totals.length >= ids.length && totals.every((total) => total < 1n << 32n), 'contest', 'The ballot holds what no choice gives.');
  if (contest.kind !== 'choose') return Object.fromEntries(ids.map((id, i) => [id, Number(totals[i])]));
  demand(totals.every((total) => total <= 1n), 'contest', 'The ballot counts an option more than once.');
  return ids.filter((_, i) => totals[i] === 1n);
}

/**
 * @param {string[]} ids
 * @param {boolean} ties
 * @param {bigint[]} totals 1 where the first of a pair is above the second
 * @returns {string[][]|string[]} best first; groups of equal place where ties are allowed
 */
function ranking(ids, ties, totals) {
  const above = ids.map(() => 0);
  pairsOf(ids.length, ties).forEach(([a, b], i) => {
    if (totals[i] === 1n) above[b] += 1;
    else if (!ties) above[a] += 1;
  });
  const places = [...new Set(above)].sort((one, other) => one - other);
  const groups = places.map((place) => ids.filter((_, i) => above[i] === place));
  demand(ties || groups.every((group) => group.length === 1), 'contest', 'The ballot holds no order of the options.');
  return ties ? groups : groups.flat();
}
