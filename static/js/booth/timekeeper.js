/**
 * Time in the booth: how much is left, and what happens when nothing is left.
 * @module
 */
import { Countdown, ServerClock, spanOf } from './clock.js';
import { Unreachable } from './unreachable.js';

const FRESH_MS = 60_000;

/** Shows and tells how much time is left, by the server's clock. */
export class Timekeeper {
  /** How the election stood when the server was last asked. @type {import('./clock.js').Phase} */
  phase = 'open';
  /** When voting ends, as extended. */
  closesAt = '';
  #booth;
  #heard = 0;
  #clock = new ServerClock();
  #countdown = new Countdown(this.#clock);

  /** @param {import('./booth.js').Booth} booth */
  constructor(booth) {
    this.#booth = booth;
    this.#countdown.onleft = (left) => this.#show(left);
    this.#countdown.onmark = (left) => booth.announce(this.#left(left));
    this.#countdown.onend = () => void this.lookAgain();
  }

  /** @param {number} left milliseconds @returns {string} */
  #left(left) {
    const { words } = this.#booth;
    return words.say('clock-left', { span: words.span(spanOf(left)) });
  }

  /** @param {number} left milliseconds */
  #show(left) {
    const text = this.#left(left);
    const { clock } = this.#booth.page;
    if (clock.textContent !== text) clock.textContent = text;
  }

  /**
   * Take what the server says of the election and its time.
   * @param {import('./clock.js').Standing} standing
   * @param {number} at when it was said, by the device's clock
   */
  hear(standing, at) {
    this.#clock.hear(standing.now, at);
    this.#heard = Date.now();
    this.phase = standing.phase;
    this.closesAt = standing.closes_at;
    if (standing.phase === 'open') this.#countdown.start(standing.closes_at);
  }

  /** Ask the server how the election stands: at its end by the clock, and when a page is seen again after a while. */
  async lookAgain() {
    const booth = this.#booth;
    const before = this.closesAt;
    try {
      this.hear(await booth.api.standing(), Date.now());
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (Date.parse(before) > this.#clock.now()) return;
      this.phase = 'closing';
    }
    if (booth.done || booth.at === 'problem') return;
    if (this.phase === 'open') {
      if (before !== this.closesAt) booth.announce(booth.words.say('clock-changed'));
      if (booth.at === 'ended') booth.go(booth.answered ? 'review' : 'question-0', true);
      return;
    }
    this.#countdown.stop();
    booth.page.clock.textContent = booth.words.say('clock-over');
    if (booth.caster !== null || !booth.present) return; // what is on its way gets its answer
    booth.discard();
    booth.go('ended', true);
  }

  /** The page is seen again: a lid was opened, a tab came back; timers may have slept. */
  wake() {
    this.#countdown.look();
    if (this.#booth.present && !this.#booth.done && Date.now() - this.#heard > FRESH_MS) void this.lookAgain();
  }

  /** Nothing is left to be done in time. */
  stop() {
    this.#countdown.stop();
    this.#booth.page.clock.textContent = '';
  }
}
