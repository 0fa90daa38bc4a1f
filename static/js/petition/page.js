/**
 * What the scripts of petitions' pages share: parts of the page, its words, and fetching.
 * @module
 */
import { el, readData } from '../booth/dom.js';
import { Words } from '../booth/words.js';

export const words = new Words(
  /** @type {Record<string, string>} */ (readData('petition-words')), document.documentElement.lang || 'en', document.documentElement.dataset.timeZone);
export const places = /** @type {Record<string, string>} */ (readData('petition-places'));

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * Say how it went, to be seen and heard.
 * @param {string} prefix of the ids
 * @param {'good'|'wait'|'bad'} tone
 * @param {string} text
 * @param {string} [say] the word of the outcome, once there is one
 */
export function tell(prefix, tone, text, say = '') {
  const outcome = part(`${prefix}-outcome`, HTMLElement);
  outcome.dataset.say = say;
  outcome.replaceChildren(el('div', { class: `notice notice-${tone}` }, el('p', {}, text)));
  part(`${prefix}-voice`, HTMLElement).textContent = text;
  if (tone !== 'wait' || say !== '') outcome.focus();
}

/**
 * @param {string} address
 * @returns {Promise<Uint8Array>}
 */
export async function fetchBytes(address) {
  const answer = await fetch(address, { cache: 'no-cache', credentials: 'omit' });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
