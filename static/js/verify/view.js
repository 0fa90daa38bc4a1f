/**
 * How the checks are shown: a list that grows, each with its state in a word, a sentence, and what the program found in small print.
 * @module
 */
import { download, el, isolated } from '../booth/dom.js';

/** @typedef {import('./checks.js').Finding} Finding */
/** @typedef {import('../booth/words.js').Words} Words */

const TONES = { pass: 'good', fail: 'bad', note: 'accent', look: 'wait', stopped: 'wait' };
const CODES = ['tracker', 'voter', 'fingerprint', 'election'];

/**
 * A sentence with numbers, times and codes put in as elements of their own; the number of an entry leads to it.
 * @param {Words} words
 * @param {string} board address of the board's page
 * @param {string} key
 * @param {import('./checks.js').Values} [values]
 * @returns {(string|Node)[]}
 */
export function sentence(words, board, key, values = {}) {
  return words.say(key).split(/%\((\w+)\)s/).map((part, i) => {
    if (i % 2 === 0) return part;
    const value = values[part];
    if (typeof value === 'number' && part === 'index') return el('a', { href: `${board}/${value}` }, words.number(value));
    if (typeof value === 'number') return words.number(value);
    if (typeof value === 'object') return isolated(words.pick(value));
    if (part === 'time' && value !== undefined) return words.time(value);
    return CODES.includes(part) ? el('span', { class: part === 'tracker' || part === 'voter' ? 'tracker' : 'code' }, value ?? '') : (value ?? '');
  });
}

/** The list of checks on the page. It is the report that the checks write to. */
export class View {
  #words;
  #board;
  #list;
  #voice;
  /** @type {HTMLLIElement|null} */
  #item = null;
  /** @type {HTMLProgressElement|null} */
  #bar = null;

  /**
   * @param {Words} words
   * @param {string} board address of the board's page
   * @param {HTMLElement} list where the checks go
   * @param {HTMLElement} voice what a screen reader is told
   */
  constructor(words, board, list, voice) {
    this.#words = words;
    this.#board = board;
    this.#list = list;
    this.#voice = voice;
  }

  /** Empty the list. */
  clear() {
    this.#list.replaceChildren();
    this.#voice.textContent = '';
  }

  /** @param {string} id */
  begin(id) {
    const title = this.#words.say(`check-${id}`);
    this.#item = el('li', { class: 'check check-working' }, el('h3', {}, title), el('p', {}, this.#words.say('working')));
    this.#bar = null;
    this.#list.append(this.#item);
  }

  /** @param {number} done @param {number} total */
  progress(done, total) {
    if (this.#bar === null) {
      this.#bar = el('progress', { max: total, 'aria-label': this.#words.say('working') });
      this.#item?.append(this.#bar);
    }
    this.#bar.value = done;
  }

  /** @param {string} id @param {Finding} finding */
  end(id, finding) {
    const words = this.#words;
    const { state, say, values, lines, detail, evidence } = finding;
    const title = words.say(`check-${id}`);
    const contest = typeof values?.contest === 'object' ? [': ', isolated(words.pick(values.contest))] : [];
    this.#item?.replaceWith(el('li', { class: `check check-${state}` },
      el('h3', {}, el('span', { class: `state state-${TONES[state]}` }, words.say(`state-${state}`)), ' ', title, ...contest),
      el('p', {}, ...sentence(words, this.#board, say, values)),
      lines !== undefined && el('ul', {}, lines.map((line) => el('li', {}, isolated(line)))),
      detail !== undefined && el('details', {}, el('summary', {}, words.say('detail')), el('p', { lang: 'en', dir: 'ltr' }, detail)),
      evidence !== undefined && el('p', {}, el('button', { type: 'button', class: 'btn btn-secondary', click: () => save(evidence) }, words.say('save-checkpoints')))));
    if (state !== 'pass') this.#voice.textContent = `${words.say(`state-${state}`)}: ${title}`;
    this.#item = null;
  }
}

/** @param {string[]} checkpoints as they were signed */
function save(checkpoints) {
  download('checkpoints.txt', new TextEncoder().encode(checkpoints.join('\n')));
}
