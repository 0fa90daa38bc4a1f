/**
 * Share out points; what is not given stays over.
 * @module
 */
import { el } from '../dom.js';
import { asciiDigits } from '../words.js';
import { costOf, optionLines, tallyLine } from './question.js';

/**
 * @param {string} text
 * @returns {number} NaN when it is no whole number
 */
function whole(text) {
  const digits = asciiDigits(text.trim());
  return digits === '' ? 0 : /^\d{1,15}$/.test(digits) ? Number(digits) : NaN;
}

/**
 * @param {import('../../protocol/manifest.js').Points} contest
 * @param {Record<string, number>|undefined} before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
export function drawPoints(contest, before, { words, title, media }) {
  const tally = tallyLine();
  /** @type {HTMLInputElement[]} */
  const inputs = contest.options.map((option, i) => {
    const input = el('input', { class: 'form-control booth-number', id: `option-${i}`, type: 'text', inputmode: 'numeric', autocomplete: 'off', dir: 'ltr', 'aria-describedby': 'booth-hint', maxlength: 15 });
    input.value = before?.[option.id] ? String(before[option.id]) : '';
    input.addEventListener('input', () => count());
    return input;
  });
  const sum = () => inputs.reduce((total, input) => total + (whole(input.value) || 0), 0);
  const count = () => {
    const left = contest.points - sum();
    tally.show(left < 0 ? words.say('points-over', { over: -left }) : words.say('points-left', { left }), left < 0);
  };
  const step = (/** @type {number} */ i, /** @type {number} */ by) => {
    inputs[i].value = String(Math.max(0, (whole(inputs[i].value) || 0) + by));
    count();
  };
  count();
  const rows = contest.options.map((option, i) => {
    const name = words.pick(option.label);
    return el('div', { class: 'booth-row' }, el('label', { for: `option-${i}` }, optionLines(option, words, media, costOf(contest, i, words))),
      el('div', { class: 'booth-stepper' },
        el('button', { type: 'button', class: 'btn btn-secondary', 'aria-label': words.say('points-less', { name }), click: () => step(i, -1) }, '\u2212'),
        inputs[i],
        el('button', { type: 'button', class: 'btn btn-secondary', 'aria-label': words.say('points-more', { name }), click: () => step(i, 1) }, '+')));
  });
  const node = el('div', { role: 'group', class: 'field booth-field', 'aria-labelledby': title },
    el('p', { class: 'hint', id: 'booth-hint' }, words.say('points-hint', { points: contest.points })), rows, tally.node);
  return {
    node,
    read() {
      const values = inputs.map((input) => whole(input.value));
      const bad = values.findIndex(Number.isNaN);
      if (bad >= 0) return { fault: words.say('fault-number', { name: words.pick(contest.options[bad].label) }), target: `option-${bad}` };
      if (sum() > contest.points) return { fault: words.say('fault-points', { points: contest.points, over: sum() - contest.points }), target: 'option-0' };
      return { choice: Object.fromEntries(contest.options.map((option, i) => [option.id, values[i]])) };
    },
  };
}
