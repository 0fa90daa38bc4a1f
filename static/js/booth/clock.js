/**
 * What time it is for the election, and how much is left of it. A device's own clock may be hours off, so the server's counts.
 * @module
 */
import { parseTime } from '../protocol/codec.js';

/** @typedef {"draft"|"frozen"|"waiting"|"open"|"closing"|"counting"|"finished"|"annulled"} Phase */
/** @typedef {{phase: Phase, opens_at: string, closes_at: string, now: string}} Standing how the election stands, by the server's clock */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** When somebody who listens is told how much is left, in milliseconds before the end. */
export const MARKS = [HOUR, 10 * MINUTE, MINUTE];

/**
 * Read what the server says of the election; it is told for convenience only, the board goes by its log.
 * @param {unknown} value
 * @returns {Standing|null} null: it makes no sense
 */
export function readStanding(value) {
  const given = /** @type {Partial<Standing>} */ (value ?? {});
  try {
    for (const time of [given.opens_at, given.closes_at, given.now]) parseTime(time);
  } catch {
    return null;
  }
  return typeof given.phase === 'string' ? /** @type {Standing} */ (given) : null;
}

/** The server's clock, as this device can tell it. */
export class ServerClock {
  #offset = 0;
  #device;

  /** @param {() => number} [device] the device's own clock, in milliseconds */
  constructor(device = Date.now) {
    this.#device = device;
  }

  /**
   * @param {string} said by the server
   * @param {number} at when the answer came, by the device's clock
   */
  hear(said, at) {
    this.#offset = Date.parse(said) - at;
  }

  /** @returns {number} milliseconds since 1970 */
  now() {
    return this.#device() + this.#offset;
  }
}

/**
 * How long to wait until the words for what is left change.
 * @param {number} left milliseconds
 * @returns {number}
 */
export function nextTick(left) {
  if (left <= 2 * MINUTE) return SECOND;
  return left <= 2 * HOUR ? 10 * SECOND : MINUTE;
}

/**
 * What is left, split up as people say it: days and hours, hours and minutes, minutes, or seconds.
 * @param {number} left milliseconds
 * @returns {[number, "day"|"hour"|"minute"|"second"][]}
 */
export function spanOf(left) {
  const seconds = Math.max(0, Math.ceil(left / SECOND));
  if (seconds < 60) return [[seconds, 'second']];
  const minutes = Math.floor(left / MINUTE);
  if (minutes < 60) return [[Math.max(1, minutes), 'minute']];
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / (24 * 60))];
  if (days >= 2) return [[days, 'day']];
  return minutes % 60 === 0 || hours >= 12 ? [[hours, 'hour']] : [[hours, 'hour'], [minutes % 60, 'minute']];
}

/** Counts down to the end of voting, as often as the words change. */
export class Countdown {
  #clock;
  #closesAt = Infinity;
  #left = Infinity;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** Told how much is left. @type {(left: number) => void} */
  onleft = () => {};
  /** Told that a mark was passed. @type {(left: number) => void} */
  onmark = () => {};
  /** Told once that the end has come. @type {() => void} */
  onend = () => {};

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {string} closesAt */
  start(closesAt) {
    this.#closesAt = Date.parse(closesAt);
    this.#left = Infinity;
    this.look();
  }

  /** Look at the clock: a page that was hidden, or a lid that was closed, has heard no timer. */
  look() {
    clearTimeout(this.#timer);
    const [before, left] = [this.#left, this.#closesAt - this.#clock.now()];
    if (!Number.isFinite(left)) return;
    this.#left = left;
    if (left <= 0) {
      this.stop();
      this.onend();
      return;
    }
    this.onleft(left);
    if (Number.isFinite(before) && MARKS.some((mark) => before > mark && left <= mark)) this.onmark(left);
    this.#timer = setTimeout(() => this.look(), nextTick(left));
  }

  /** Count no more. */
  stop() {
    clearTimeout(this.#timer);
    this.#closesAt = Infinity;
  }
}
