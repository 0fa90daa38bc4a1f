/**
 * The page "Check my ballot" starts here: the form, a file that is dropped, a link with a tracker, and the checks.
 * @module
 */
import { el, readData } from '../booth/dom.js';
import { Words } from '../booth/words.js';
import { decodeBytes } from '../protocol/codec.js';
import { shortTracker } from '../protocol/credentials.js';
import { Checks, MOST_READ } from './checks.js';
import { readDocument, readTracker, WrongInput } from './documents.js';
import { PublicRecord, Unreachable } from './record.js';
import { Seen } from './seen.js';
import { View } from './view.js';

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}.`);
  return found;
}

const words = new Words(/** @type {Record<string, string>} */ (readData('verify-words')), document.documentElement.lang || 'en', document.documentElement.dataset.timeZone);
const places = /** @type {import('./record.js').Places} */ (readData('verify-places'));
const form = part('verify-form', HTMLFormElement);
const file = part('verify-file', HTMLInputElement);
const tracker = part('verify-tracker', HTMLInputElement);
const go = part('verify-go', HTMLButtonElement);
const results = part('verify-results', HTMLElement);
const heading = part('verify-heading', HTMLElement);
const summary = part('verify-summary', HTMLElement);
const voice = part('verify-voice', HTMLElement);
const seen = new Seen();
const view = new View(words, places.board, part('verify-list', HTMLElement), voice);

/** The booth's own words for a choice; they are fetched when somebody brings an opened ballot. @type {import('./auditchecks.js').Describe} */
async function describe(contest, choice) {
  const { describeChoice } = await import('../booth/questions/index.js').catch((error) => {
    throw new Unreachable(String(error));
  });
  // The booth knows every ranking as groups.
  return describeChoice(contest, contest.kind === 'rank' ? /** @type {(string|string[])[]} */ (choice).map((one) => [one].flat()) : choice, words);
}

/** Show, or take away, what is wrong with the form. @param {HTMLInputElement|null} field @param {string} [say] */
function complain(field, say = '') {
  document.querySelector('.error-summary')?.remove();
  for (const one of [file, tracker]) {
    const wrong = one === field;
    one.closest('.field')?.classList.toggle('field-wrong', wrong);
    one.toggleAttribute('aria-invalid', wrong);
    if (wrong) one.setAttribute('aria-invalid', 'true');
    part(`${one.id}-error`, HTMLElement).textContent = wrong ? words.say(say) : '';
  }
  if (field === null) return;
  results.hidden = true;
  const box = el('div', { class: 'error-summary', role: 'alert', tabindex: '-1' },
    el('h2', {}, words.say('wrong')), el('ul', {}, el('li', {}, el('a', { href: `#${field.id}` }, words.say(say)))));
  form.before(box);
  box.focus();
}

/** @param {File|undefined} given @returns {Promise<import('./checks.js').Question|null>} null: the form is wrong, and says so */
async function question(given) {
  const whole = form.querySelector('[name=whole]');
  const asked = { brought: null, tracker: null, whole: whole instanceof HTMLInputElement && whole.checked };
  try {
    if (given) return { ...asked, brought: readDocument(new Uint8Array(await given.arrayBuffer())) };
  } catch (error) {
    complain(file, error instanceof WrongInput ? error.say : 'file-unreadable');
    return null;
  }
  try {
    return { ...asked, tracker: tracker.value.trim() === '' ? null : readTracker(tracker.value) };
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    complain(tracker, error.say);
    return null;
  }
}

/** @param {File|undefined} given */
async function check(given) {
  if (go.getAttribute('aria-disabled') === 'true') return;
  const asked = await question(given);
  if (asked === null) return;
  complain(null);
  go.setAttribute('aria-disabled', 'true');
  view.clear();
  summary.replaceChildren();
  results.hidden = false;
  heading.focus();
  voice.textContent = words.say('working');
  /** @type {import('./headline.js').Headline} */
  let { say, tone } = { say: 'summary-broken', tone: 'bad' };
  try {
    ({ say, tone } = await new Checks(new PublicRecord(places), seen, view, MOST_READ, describe).run(asked));
  } catch (error) {
    summary.replaceChildren(el('p', { lang: 'en', dir: 'ltr' }, String(error)));
  }
  summary.prepend(el('div', { class: `notice notice-${tone}` }, el('p', {}, el('strong', {}, words.say(say)))));
  voice.textContent = words.say(say);
  go.removeAttribute('aria-disabled');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check(file.files?.[0]);
});
form.addEventListener('dragover', (event) => {
  event.preventDefault();
  form.classList.add('dropping');
});
form.addEventListener('dragleave', () => form.classList.remove('dropping'));
form.addEventListener('drop', (event) => {
  event.preventDefault();
  form.classList.remove('dropping');
  const given = event.dataTransfer?.files;
  if (!given || given.length === 0) return;
  file.files = given;
  void check(given[0]);
});
part('verify-forget', HTMLButtonElement).addEventListener('click', () => {
  seen.forget();
  voice.textContent = words.say('forgotten');
  part('verify-forgotten', HTMLElement).textContent = words.say('forgotten');
});
form.hidden = false;
followLink();
window.addEventListener('hashchange', followLink);

/** A link or a QR code may bring a tracker behind the "#", which no server sees. It does not stay in the address; the check begins at once. */
function followLink() {
  const given = decodeURIComponent(location.hash.slice(1));
  if (given === '' || document.getElementById(given) !== null) return;
  history.replaceState(null, '', location.pathname);
  tracker.value = readable(given).slice(0, tracker.maxLength);
  void check(undefined);
}

/** @param {string} text @returns {string} a whole tracker as people see it; anything else as it is */
function readable(text) {
  try {
    decodeBytes(text, 32);
    return shortTracker(text);
  } catch {
    return text;
  }
}
