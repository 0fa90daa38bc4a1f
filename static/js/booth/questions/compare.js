/**
 * Options side by side: the same headed parts, the same room for each. It opens on the ballot itself, so no answer is lost.
 * @module
 */
import { el, isolated } from '../dom.js';
import { parseHeaded, partsInUse, prose } from './headed.js';
import { documentsOf, pictureOf, sortMedia } from './pictures.js';

/** @typedef {import('../../protocol/manifest.js').Contest} Contest */
/** @typedef {import('./question.js').Frame} Frame */

const PART_WORDS = /** @type {Record<string, string>} */ ({ Background: 'part-background', Aims: 'part-aims', Arguments: 'part-arguments', Sources: 'part-sources' });

/**
 * Whether there is more to compare than names, parties and a line.
 * @param {Contest} contest
 * @returns {boolean}
 */
export function isDetailed({ options }) {
  return partsInUse(options).length > 0 || options.some(({ media }) => sortMedia(media).small !== '' || sortMedia(media).documents.length > 0);
}

/**
 * A disclosure with a table: a row for each option, shown as columns where there is room. Nothing where there is nothing to compare.
 * @param {Contest} contest
 * @param {Frame} frame
 * @returns {HTMLElement|null}
 */
export function drawCompare(contest, { words, media }) {
  if (!isDetailed(contest)) return null;
  const options = contest.options.filter(({ id }) => id !== contest.abstain);
  const parts = partsInUse(options);
  const documents = options.some((option) => sortMedia(option.media).documents.length > 0);
  const headings = [...parts.map((part) => words.say(PART_WORDS[part])), ...(documents ? [words.say('documents')] : [])];
  const nothing = () => el('p', { class: 'soft' }, words.say('compare-nothing'));
  const cell = (/** @type {string} */ heading, /** @type {HTMLElement[]|HTMLElement|null} */ inside) => el('td', {}, el('p', { class: 'compare-heading' }, heading), inside === null || (Array.isArray(inside) && inside.length === 0) ? nothing() : inside);
  const rows = () => options.map((option) => {
    const name = words.pick(option.label);
    const text = parseHeaded(words.pick(option.info));
    return el('tr', { class: 'panel' },
      el('th', { scope: 'row' }, pictureOf(option, media, words, words.say('picture-of', { name })), el('span', { class: 'compare-name', dir: 'auto' }, name),
        words.pick(option.party) ? el('span', { class: 'soft', dir: 'auto' }, words.pick(option.party)) : null,
        text.about ? el('div', { class: 'prose compare-about' }, prose(text.about)) : null),
      parts.map((part, i) => cell(headings[i], text.parts[part] ? [el('div', { class: 'prose' }, prose(text.parts[part]))] : null)),
      documents ? cell(words.say('documents'), documentsOf(option, media, words)) : null);
  });
  const inside = el('div', { class: 'compare-frame', role: 'region', tabindex: 0, 'aria-label': words.say('compare-region', { title: words.pick(contest.title) }) });
  const whole = el('details', { class: 'booth-compare' }, el('summary', {}, words.say('compare')), inside);
  whole.addEventListener('toggle', () => {
    if (!whole.open || inside.firstChild !== null) return;
    inside.append(el('table', { class: `compare compare-rows-${1 + headings.length}` },
      el('caption', { class: 'visually-hidden' }, isolated(words.pick(contest.title))),
      el('thead', { class: 'visually-hidden' }, el('tr', {}, el('th', { scope: 'col' }, words.say('compare-option')), headings.map((heading) => el('th', { scope: 'col' }, heading)))),
      el('tbody', {}, rows())));
  });
  return whole;
}
