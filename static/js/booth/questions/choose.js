/**
 * Choose one (radio buttons) or several (tick boxes).
 * @module
 */
import { el } from '../dom.js';
import { costOf, optionLines, tallyLine } from './question.js';

/** @typedef {import('../../protocol/manifest.js').Choose} Choose */

/**
 * How many to choose, in words.
 * @param {Choose} contest
 * @param {import('../words.js').Words} words
 * @returns {string}
 */
export function instruction({ min, max, options }, words) {
  if (max === 1) return words.say(min === 1 ? 'choose-one' : 'choose-one-or-none');
  if (min === max) return words.say('choose-exactly', { count: max });
  if (min === 0) return max >= options.length ? words.say('choose-any') : words.say('choose-at-most', { count: max });
  return words.say('choose-between', { min, max });
}

/**
 * @param {Choose} contest
 * @param {string[]|undefined} before what was chosen before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
export function drawChoose(contest, before, { words, title, media }) {
  const { min, max, options, abstain } = contest;
  const single = max === 1;
  const none = single && min === 0;
  const tally = tallyLine();
  /** @type {HTMLInputElement[]} */
  const boxes = options.map((option, i) => el('input', { type: single ? 'radio' : 'checkbox', name: single ? 'choice' : undefined, id: `option-${i}`, checked: before?.includes(option.id), autocomplete: 'off' }));
  const nobody = el('input', { type: 'radio', name: 'choice', id: 'option-none', checked: before?.length === 0, autocomplete: 'off' });
  const chosen = () => options.filter((_, i) => boxes[i].checked).map(({ id }) => id);
  const count = () => {
    if (single) return;
    const found = chosen().length;
    const wrong = found > max;
    const left = max - found;
    tally.show(wrong ? words.say('chosen-too-many', { count: found, over: found - max }) : words.say(left === 0 ? 'chosen-all' : 'chosen-more', { count: found, left }), wrong);
  };
  boxes.forEach((box, i) => box.addEventListener('change', () => {
    // Abstaining and choosing exclude each other where abstaining alone is an answer.
    if (!single && min <= 1 && box.checked) boxes.forEach((other, j) => { if (i !== j && (options[i].id === abstain || options[j].id === abstain)) other.checked = false; });
    count();
  }));
  count();
  const rows = options.map((option, i) => el('div', { class: option.id === abstain ? 'choice booth-abstain' : 'choice' }, boxes[i], el('label', { for: `option-${i}` }, optionLines(option, words, media, costOf(contest, i, words)))));
  if (none) rows.push(el('div', { class: 'choice booth-abstain' }, nobody, el('label', { for: 'option-none' }, words.say('choose-none'))));
  const node = el('fieldset', { class: 'field booth-field', 'aria-labelledby': title, 'aria-describedby': 'booth-hint' },
    el('p', { class: 'hint', id: 'booth-hint' }, instruction(contest, words)), rows, single ? null : tally.node);
  return {
    node,
    read() {
      const choice = chosen();
      const unanswered = none && choice.length === 0 && !nobody.checked;
      if (choice.length >= min && choice.length <= max && !unanswered) return { choice };
      if (choice.length > max) return { fault: words.say('fault-too-many', { count: max }), target: 'option-0' };
      return { fault: single ? words.say('fault-choose-one') : words.say('fault-too-few', { count: min }), target: 'option-0' };
    },
  };
}
