/**
 * What all kinds of questions share.
 * @module
 */
import { el, isolated } from '../dom.js';
import { parseHeaded } from './headed.js';
import { pictureOf } from './pictures.js';

/** @typedef {import('../../protocol/contests.js').Choice} Choice */
/** @typedef {import('../../protocol/manifest.js').Option} Option */
/** @typedef {import('../words.js').Words} Words */
/** @typedef {{choice: Choice} | {fault: string, target: string}} Reading target: id of the control that has to be mended */
/**
 * @typedef {object} Question
 * @property {HTMLElement} node
 * @property {() => Reading} read
 */
/**
 * @typedef {object} Frame what a question is drawn with
 * @property {Words} words
 * @property {(text: string) => void} announce says something to people who listen
 * @property {string} title id of the heading that names the question
 * @property {import('./pictures.js').Media} [media] where pictures come from; without it there are none
 * @property {import('./order.js').Order} [order] by which the options were put in order
 */

/**
 * The name of an option with what else is known about it.
 * @param {Option} option
 * @param {Words} words
 * @param {import('./pictures.js').Media} [media]
 * @param {string} [cost]
 * @returns {(HTMLElement|null)[]}
 */
export function optionLines(option, words, media, cost = '') {
  const lines = [pictureOf(option, media, words), el('span', { class: 'booth-option-name' }, isolated(words.pick(option.label)))];
  for (const more of [words.pick(option.party), cost, parseHeaded(words.pick(option.info)).about]) if (more) lines.push(el('span', { class: 'booth-option-more soft' }, isolated(more)));
  return lines;
}

/**
 * What an option costs, where the contest spends a budget.
 * @param {import('../../protocol/manifest.js').Contest} contest
 * @param {number} index of the option
 * @param {Words} words
 * @returns {string}
 */
export function costOf(contest, index, words) {
  return contest.rule.name === 'budget' && contest.options[index].id !== contest.abstain ? words.say('costs', { cost: contest.rule.costs[index] }) : '';
}

/**
 * A line that says how the answer stands, and says it aloud when it changes.
 * @returns {{node: HTMLElement, show: (text: string, wrong?: boolean) => void}}
 */
export function tallyLine() {
  const node = el('p', { class: 'booth-tally', role: 'status', 'aria-live': 'polite' });
  return {
    node,
    show(text, wrong = false) {
      node.textContent = text;
      node.classList.toggle('booth-tally-wrong', wrong);
    },
  };
}
