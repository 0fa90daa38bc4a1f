/**
 * Give every option a score from 0 to the top.
 * @module
 */
import { el } from '../dom.js';
import { costOf, optionLines } from './question.js';

const MOST_BUTTONS = 5;

/**
 * @param {import('../../protocol/manifest.js').Score} contest
 * @param {Record<string, number>|undefined} before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
export function drawScore(contest, before, { words, title, media }) {
  const scores = Array.from({ length: contest.top + 1 }, (_, score) => score);
  /** @type {(() => number)[]} */
  const readers = [];
  const rows = contest.options.map((option, i) => {
    const old = before?.[option.id] ?? 0;
    const name = optionLines(option, words, media, costOf(contest, i, words));
    if (contest.top > MOST_BUTTONS) {
      const select = el('select', { class: 'form-control booth-number', id: `option-${i}`, autocomplete: 'off' }, scores.map((score) => el('option', { value: score, selected: score === old }, words.number(score))));
      readers.push(() => Number(select.value));
      return el('div', { class: 'booth-row' }, el('label', { for: `option-${i}` }, name), select);
    }
    const buttons = scores.map((score) => el('input', { type: 'radio', name: `score-${i}`, id: `option-${i}-${score}`, value: score, checked: score === old, autocomplete: 'off' }));
    readers.push(() => buttons.findIndex((button) => button.checked));
    return el('fieldset', { class: 'booth-row' }, el('legend', {}, name),
      el('div', { class: 'booth-scores' }, buttons.map((button, score) => el('span', { class: 'booth-score' }, button, el('label', { for: button.id }, words.number(score))))));
  });
  const node = el('div', { role: 'group', class: 'field booth-field', 'aria-labelledby': title, 'aria-describedby': 'booth-hint' },
    el('p', { class: 'hint', id: 'booth-hint' }, words.say('score-hint', { top: contest.top })), rows);
  return { node, read: () => ({ choice: Object.fromEntries(contest.options.map((option, i) => [option.id, readers[i]()])) }) };
}
