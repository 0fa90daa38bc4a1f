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
    const calendar = this.#language.startsWith('fa') ? 'fa-IR-u-ca-persian' : this.#language;
    const options = /** @type {const} */ ({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: this.#zone });
    const time = new Intl.DateTimeFormat(calendar, options).format(new Date(text));
    if (this.#zone === 'UTC') return el('time', { datetime: text }, this.say('time-utc', { time }));
    const parts = new Intl.DateTimeFormat(calendar, { timeZone: this.#zone, timeZoneName: 'long' }).formatToParts(new Date(text));
    const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? this.#zone;
    return el('time', { datetime: text }, this.say('time-zone', { time, zone }));
  }

  /**
   * Pick a text of the manifest: in the page's language, else in English, else in whichever comes first.
   * @param {Record<string, string>} texts
   * @returns {string}
   */
  pick(texts) {
    const language = this.#language.split('-')[0];
    return texts[language] ?? texts.en ?? Object.values(texts)[0] ?? '';
  }
}

/** Persian and Arabic digits become ASCII, so that everybody may type their own. @param {string} text @returns {string} */
export function asciiDigits(text) {
  return text.replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0)).replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
}
