/**
 * The one error of this folder: what was refused, and which check refused it.
 * @module
 */

/**
 * The names of the checks; they are the same in `tests/vectors/README.md`.
 * @typedef {"encoding"|"manifest"|"contest"|"key"|"proof"|"signature"|"credential"|"log"|"record"} Check
 */

/** Something was refused. `message` is a sentence for people. */
export class ProtocolError extends Error {
  /**
   * @param {Check} check
   * @param {string} message
   */
  constructor(check, message) {
    super(message);
    this.name = 'ProtocolError';
    this.check = check;
  }
}

/**
 * Refuse unless `condition` holds.
 * @param {unknown} condition
 * @param {Check} check
 * @param {string} message
 * @returns {asserts condition}
 */
export function demand(condition, check, message) {
  if (!condition) throw new ProtocolError(check, message);
}
