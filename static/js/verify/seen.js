/**
 * What this browser remembers between visits: the newest checkpoint of each log, which is public. Never a receipt, a tracker or a voter.
 * @module
 */
import { parseCheckpoint } from '../protocol/checkpoint.js';

const KEY = 'evote-checkpoints';

/** The checkpoints that were seen, by the name of their log. A browser that forbids storage just remembers nothing. */
export class Seen {
  #storage;

  /** @param {() => Storage} storage */
  constructor(storage = () => localStorage) {
    this.#storage = storage;
  }

  /** @returns {Record<string, string>} */
  #all() {
    try {
      const value = JSON.parse(this.#storage().getItem(KEY) ?? '{}');
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    } catch {
      return {};
    }
  }

  /**
   * @param {string} origin
   * @param {string} boardKey
   * @returns {{head: import('../protocol/checkpoint.js').Head, text: string}|null}
   */
  recall(origin, boardKey) {
    const all = this.#all();
    const text = Object.hasOwn(all, origin) ? all[origin] : '';
    try {
      return { head: parseCheckpoint(text, origin, boardKey), text };
    } catch {
      return null;
    }
  }

  /**
   * @param {string} origin
   * @param {string} text of a checkpoint that was checked
   * @returns {boolean} whether it is kept
   */
  remember(origin, text) {
    try {
      this.#storage().setItem(KEY, JSON.stringify({ ...this.#all(), [origin]: text }));
      return true;
    } catch {
      return false;
    }
  }

  /** Forget all of them. */
  forget() {
    try {
      this.#storage().removeItem(KEY);
    } catch {
      // Then there was nothing to forget.
    }
  }
}
