/**
 * Parts that several screens show.
 * @module
 */
import { shortTracker } from '../../protocol/credentials.js';
import { el } from '../dom.js';

/** @typedef {import('../dom.js').Children} Children */

/**
 * @param {string} key of the sentence on it
 * @param {import('../words.js').Words} words
 * @param {() => void} press
 * @param {"primary"|"secondary"} [kind]
 * @returns {HTMLButtonElement}
 */
export function button(key, words, press, kind = 'primary') {
  return el('button', { type: 'button', class: `btn btn-${kind}`, id: `booth-${key}`, click: press }, words.say(key));
}

/**
 * @param {...Children} children
 * @returns {HTMLElement}
 */
export function actions(...children) {
  return el('div', { class: 'actions' }, children);
}

/**
 * A tracker or a voter number, large enough to compare; each group of five is kept together.
 * @param {string} text
 * @param {string} [id]
 * @returns {HTMLElement}
 */
export function codeText(text, id) {
  const groups = text.split('-');
  return el('span', { class: 'tracker booth-code', id }, groups.flatMap((group, i) => [el('span', { class: 'booth-group' }, i < groups.length - 1 ? `${group}-` : group), i < groups.length - 1 ? el('wbr') : null]));
}

/**
 * @param {string} tracker base64url
 * @param {string} [id]
 * @returns {HTMLElement}
 */
export function trackerText(tracker, id) {
  return codeText(shortTracker(tracker), id);
}

/**
 * Names and values.
 * @param {[string, Children][]} rows
 * @returns {HTMLElement}
 */
export function facts(rows) {
  return el('dl', { class: 'facts' }, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/**
 * @param {"good"|"wait"|"bad"} kind
 * @param {...Children} children
 * @returns {HTMLElement}
 */
export function notice(kind, ...children) {
  return el('div', { class: `notice notice-${kind}` }, children);
}

/**
 * @param {string} summary
 * @param {...Children} children
 * @returns {HTMLElement}
 */
export function details(summary, ...children) {
  return el('details', {}, el('summary', {}, summary), children);
}

/**
 * A word explained in place, with a page that says more.
 * @param {import('../booth.js').Booth} booth
 * @param {string} summary
 * @param {string} text
 * @param {"encryption"|"tracker"|"audit"|"voting-again"} topic
 * @returns {HTMLElement}
 */
export function explained({ words, places }, summary, text, topic) {
  return details(summary, el('p', {}, text), el('p', {}, el('a', { href: `${places.explained}${topic}`, target: '_blank', rel: 'noopener' }, words.say('learn-more'))));
}

/**
 * Say above a form and at its question what is wrong, with a way to the place, and read it out.
 * @param {HTMLElement} form
 * @param {import('../words.js').Words} words
 * @param {string} fault
 * @param {string} target id of the control
 */
export function showFault(form, words, fault, target) {
  form.querySelectorAll('.error-summary, .field-error').forEach((old) => old.remove());
  const prefix = words.say('fault-page', { title: '' });
  if (!document.title.startsWith(prefix)) document.title = prefix + document.title;
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    document.getElementById(target)?.focus();
  };
  const summary = el('div', { class: 'error-summary', role: 'alert', tabindex: -1, 'aria-labelledby': 'booth-fault' },
    el('h2', { id: 'booth-fault' }, words.say('fault-title')), el('ul', {}, el('li', {}, el('a', { href: `#${target}`, click: go }, fault))));
  form.prepend(summary);
  const field = form.querySelector('.field');
  field?.classList.add('field-wrong');
  field?.prepend(el('p', { class: 'field-error', id: 'booth-field-error' }, fault));
  const control = document.getElementById(target);
  if (control instanceof HTMLInputElement) control.setAttribute('aria-invalid', 'true');
  const described = control?.getAttribute('aria-describedby') ?? '';
  if (!described.includes('booth-field-error')) control?.setAttribute('aria-describedby', `booth-field-error ${described}`.trim());
  summary.focus();
}

/**
 * @param {import('../words.js').Words} words
 * @param {string} label
 * @returns {{node: HTMLElement, set: (part: number) => void}}
 */
export function progress(words, label) {
  const bar = el('progress', { class: 'booth-progress', max: 1, 'aria-label': label });
  const text = el('p', { class: 'soft' });
  return {
    node: el('div', {}, bar, text),
    set(part) {
      bar.value = part;
      text.textContent = words.say('percent', { percent: Math.floor(part * 100) });
    },
  };
}
