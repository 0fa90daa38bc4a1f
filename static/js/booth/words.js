/**
 * The booth's sentences in the page's language; the server sends them with the page, translated.
 * @module
 */
import { el } from './dom.js';

/** @typedef {Record<string, string|number>} Values */

/** Sentences, numbers and times as the reader of this page writes them. */
export class Words {
  #catalogue;
  #language;
  #zone;

  /**
   * @param {Record<string, string>} catalogue {key: sentence with %(name)s for what is put in}
   * @param {string} language of the page
   * @param {string} [zone] in which the site writes times
   */
  constructor(catalogue, language, zone = 'UTC') {
    this.#zone = zone;
    this.#catalogue = catalogue;
    this.#language = language;
  }

  /**
   * @param {string} key
   * @param {Values} [values] numbers are written in the page's language
   * @returns {string}
   */
  say(key, values = {}) {
    const sentence = this.#catalogue[key] ?? key;
    return sentence.replace(/%\((\w+)\)s/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? this.number(value) : value;
    });
  }

  /**
   * @param {number} value
   * @returns {string}
   */
  number(value) {
    return new Intl.NumberFormat(this.#language).format(value);
  }

  /**
   * A time of the record in the site's time zone; in Persian by the Iranian calendar.
   * @param {string} text
   * @returns {HTMLElement}
   */
  time(text) {
    return el('time', { datetime: text }, this.#written(text, this.#zone));
  }

  /**
   * The same, and beside it what the clocks say where this device is, if they say something else.
   * @param {string} text
   * @returns {(HTMLElement|string)[]}
   */
  times(text) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const wall = (/** @type {string} */ timeZone) => new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(new Date(text));
    if (!here || wall(here) === wall(this.#zone)) return [this.time(text)];
    return [this.time(text), ' ', el('span', { class: 'booth-here' }, this.say('time-here', { time: this.#written(text, here) }))];
  }

  /** @param {string} text @param {string} timeZone @returns {string} */
  #written(text, timeZone) {
    const calendar = this.#language.startsWith('fa') ? 'fa-IR-u-ca-persian' : this.#language;
    const options = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone });
    const time = new Intl.DateTimeFormat(calendar, options).format(new Date(text));
    if (timeZone === 'UTC') return this.say('time-utc', { time });
    const parts = new Intl.DateTimeFormat(calendar, { timeZone, timeZoneName: 'long' }).formatToParts(new Date(text));
    return this.say('time-zone', { time, zone: parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone });
  }

  /**
   * A length of time, like "1 hour, 20 minutes".
   * @param {[number, string][]} parts numbers and units as `Intl` names them
   * @returns {string}
   */
  span(parts) {
    const written = parts.map(([count, unit]) => new Intl.NumberFormat(this.#language, { style: 'unit', unit, unitDisplay: 'long' }).format(count));
    return new Intl.ListFormat(this.#language, { type: 'unit' }).format(written);
  }

  /**
   * Pick a text of the manifest: in the page's language, else in English, else in whichever comes first.
   * @param {Record<string, string>} texts
   * @returns {string}
   */
  pick(texts) {
    return texts[this.#language] ?? texts[this.#language.split('-')[0]] ?? texts.en ?? Object.values(texts)[0] ?? '';
  }
}

/** Persian and Arabic digits become ASCII, so that everybody may type their own. @param {string} text @returns {string} */
export function asciiDigits(text) {
  return text.replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0)).replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
}
