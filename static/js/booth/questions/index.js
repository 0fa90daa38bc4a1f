/**
 * Questions of every kind: drawn, read, and told back for the review.
 * @module
 */
import { el } from '../dom.js';
import { drawChoose } from './choose.js';
import { drawCompare } from './compare.js';
import { drawPoints } from './points.js';
import { drawRank } from './rank.js';
import { drawScore } from './score.js';

/** @typedef {import('../../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../../protocol/contests.js').Choice} Choice */

/**
 * @param {Contest} contest
 * @param {Choice|undefined} before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
export function drawQuestion(contest, before, frame) {
  const { node, read } = drawOfKind(contest, before, frame);
  const drawn = frame.order?.name === 'drawn';
  const order = frame.order === undefined ? null : el('p', { class: 'soft' }, frame.words.say(drawn ? 'order-drawn' : 'order-rotated'));
  return { node: el('div', {}, drawCompare(contest, frame), node, order), read };
}

/**
 * @param {Contest} contest
 * @param {Choice|undefined} before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
function drawOfKind(contest, before, frame) {
  const given = /** @type {any} */ (before);
  if (contest.kind === 'choose') return drawChoose(contest, given, frame);
  if (contest.kind === 'score') return drawScore(contest, given, frame);
  if (contest.kind === 'points') return drawPoints(contest, given, frame);
  return drawRank(contest, given, frame);
}

/**
 * A choice in words, one line for each thing chosen.
 * @param {Contest} contest
 * @param {Choice} choice
 * @param {import('../words.js').Words} words
 * @returns {string[]}
 */
export function describeChoice(contest, choice, words) {
  const nameOf = (/** @type {string} */ id) => words.pick(contest.options.find((option) => option.id === id)?.label ?? {});
  if (contest.kind === 'choose') {
    const chosen = /** @type {string[]} */ (choice);
    return chosen.length > 0 ? chosen.map(nameOf) : [words.say('review-none')];
  }
  if (contest.kind === 'rank') {
    const tiers = /** @type {string[][]} */ (choice);
    const seen = new Set(tiers.flat());
    const rest = contest.options.filter(({ id }) => !seen.has(id)).map(({ id }) => id);
    const lines = tiers.map((tier, i) => words.say('review-place', { place: i + 1, names: tier.map(nameOf).join(words.say('list-comma')) }));
    if (rest.length > 0) lines.push(contest.ties ? words.say('review-last', { names: rest.map(nameOf).join(words.say('list-comma')) }) : words.say('review-place', { place: tiers.length + 1, names: nameOf(rest[0]) }));
    return lines;
  }
  const given = /** @type {Record<string, number>} */ (choice);
  const lines = contest.options.map(({ id }) => words.say(contest.kind === 'score' ? 'review-score' : 'review-points', { name: nameOf(id), count: given[id] ?? 0 }));
  if (contest.kind !== 'points') return lines;
  const left = contest.points - Object.values(given).reduce((sum, one) => sum + one, 0);
  return left > 0 ? [...lines, words.say('review-points-left', { left })] : lines;
}
