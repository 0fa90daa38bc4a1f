/**
 * A mail to voters while it is written: what voters will get, and what is wrong, a moment after each change. The server fills
 * the texts in and judges them, here as when the mail is saved. Without this script "Save and look" does the same.
 * @module
 */
import { el } from '../booth/dom.js';

/** @typedef {{language: string, direction: string, subject: string, text: string}} Part */
/** @typedef {{parts: Part[], problems: string[]}} Shown */

const WAIT_MS = 400;

const form = document.querySelector('form[data-preview]');
const letter = document.querySelector('[data-letter]');
const faults = document.querySelector('[data-faults]');
if (!(form instanceof HTMLFormElement) || !letter || !faults) throw new Error('The page of a mail is not whole.');

const nothing = letter instanceof HTMLElement ? letter.dataset.letter : '';

let timer = 0;
let turn = 0;
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => look(form, ++turn), WAIT_MS);
});
look(form, ++turn); // what was typed before this script was there

/** @param {HTMLFormElement} written @param {number} asked */
async function look(written, asked) {
  try {
    const response = await fetch(written.dataset.preview ?? '', { method: 'POST', body: new FormData(written), credentials: 'same-origin', redirect: 'error' });
    if (response.ok && asked === turn) show(await response.json());
  } catch {
    // The line is down or the session over: what was shown last stays, and saving will say so.
  }
}

/** @param {Shown} shown */
function show({ parts, problems }) {
  const drawn = parts.flatMap((part, place) => [...(place ? [el('hr')] : []), draw(part)]);
  letter?.replaceChildren(...(parts.length ? drawn : [el('p', { class: 'soft' }, nothing)]));
  faults?.replaceChildren(...problems.map((problem) => el('p', { class: 'notice notice-wait' }, problem)));
}

/** @param {Part} part @returns {HTMLElement} */
function draw({ language, direction, subject, text }) {
  return el('div', { lang: language, dir: direction }, el('p', { class: 'mail-subject' }, subject), el('p', { class: 'mail-text' }, text));
}
