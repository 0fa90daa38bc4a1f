/**
 * What this tab keeps while a ballot is on its way, so that a reload can say truthfully whether it was recorded.
 *
 * Only what the voter has decided to make public anyway: the encrypted and signed ballot, the board's promise, the receipt. Never an answer, an
 * opening or a code: those live in the memory of the page and go with it. Kept in the storage of the tab, which ends with the tab, from the moment
 * of casting until the voter leaves.
 * @module
 */
import { decodeBytes } from '../protocol/codec.js';

/** @typedef {import('../protocol/receipts.js').Cast} Cast */
/** @typedef {import('../protocol/receipts.js').Promised} Promised */
/** @typedef {import('../protocol/receipts.js').Receipt} Receipt */
/** @typedef {import('../protocol/ballot.js').BallotJson} BallotJson */
/** ballot: null once it need not be sent again, or where the storage had no room for it. @typedef {{cast: Cast, ballot: BallotJson|null, promise: Promised|null, receipt: Receipt|null}} Kept */

const FIELDS = /** @type {(keyof Cast)[]} */ (['election', 'voter', 'tracker', 'previous', 'signature']);

/** Keeps at most one ballot of one election. A browser that forbids storage keeps nothing, and voting works all the same. */
export class Keep {
  #key;
  #storage;

  /**
   * @param {string} election its id
   * @param {() => Storage} [storage]
   */
  constructor(election, storage = () => sessionStorage) {
    this.#key = `evote-cast-${election}`;
    this.#storage = storage;
  }

  /** @returns {Kept|null} with nothing believed: what is done with it is checked as if it came from the server */
  read() {
    try {
      const { cast, ballot, promise, receipt } = JSON.parse(this.#storage().getItem(this.#key) ?? 'null');
      decodeBytes(cast.tracker, 32);
      if (FIELDS.some((field) => typeof cast[field] !== 'string')) return null;
      return { cast, ballot: ballot ?? null, promise: promise ?? null, receipt: receipt ?? null };
    } catch {
      return null;
    }
  }

  /**
   * @param {Kept} kept
   * @returns {boolean} whether it is kept, at least without the ballot
   */
  write({ cast, ballot, promise, receipt }) {
    for (const held of ballot === null ? [null] : [ballot, null]) {
      try {
        this.#storage().setItem(this.#key, JSON.stringify({ cast, ballot: held, promise, receipt }));
        return true;
      } catch {
        // A very long ballot may not fit: then it is kept by its name alone.
      }
    }
    this.clear();
    return false;
  }

  /** Forget it. */
  clear() {
    try {
      this.#storage().removeItem(this.#key);
    } catch {
      // Then there was nothing.
    }
  }
}
