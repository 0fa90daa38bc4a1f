/**
 * The booth: what it knows, which screen it shows, and how one gets from screen to screen. Everything lives in memory and goes when the page does.
 * @module
 */
import { ProtocolError } from '../protocol/errors.js';
import { checkElection, layoutsOf } from '../protocol/election.js';
import { Unreachable } from './api.js';
import { SealerClient, startWorker } from './client.js';
import { el, isolated } from './dom.js';
import { auditScreen, auditingScreen } from './screens/audit.js';
import { castingScreen } from './screens/casting.js';
import { doneScreen } from './screens/done.js';
import { introScreen, loginScreen } from './screens/intro.js';
import { problemScreen } from './screens/problem.js';
import { questionScreen } from './screens/question.js';
import { reviewScreen } from './screens/review.js';
import { sealedScreen, sealingScreen } from './screens/sealed.js';
import { signScreen } from './screens/sign.js';
import { stoppedScreen } from './screens/stopped.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/contests.js').Choice} Choice */
/** @typedef {import('../protocol/election.js').Election} Election */
/** @typedef {import('./api.js').Me} Me */
/** @typedef {import('./dom.js').Children} Children */
/** @typedef {{title: string, body: Children}} Screen */
/** @typedef {"wait"|"sending"|"cast"} Standing */
/** @typedef {{election: Election, me: Me, contests: Contest[], closesAt: string}} Session the election and the voter, both checked */

/** Screens that the browser's back button may return to without harm. */
const RETURNABLE = /^(intro|question-\d+|review|sealed|sign)$/;

/** One voter's visit to the booth. */
export class Booth {
  /** @type {Session|null} */
  #session = null;
  /** @type {SealerClient|null} */
  #sealer = null;
  /** What the voter chose, by contest. @type {Map<string, Choice>} */
  choices = new Map();
  /** The ballot that waits to be cast or audited. @type {{ballot: import('../protocol/ballot.js').BallotJson, tracker: string}|null} */
  sealed = null;
  /** The last audit. @type {{file: Uint8Array, tracker: string, logged: boolean}|null} */
  audit = null;
  /** @type {import('./caster.js').Caster|null} */
  caster = null;
  /** How casting ended. @type {import('./caster.js').Outcome|null} */
  outcome = null;
  /** Whether a question was opened from the review and leads back to it. */
  changing = false;
  /** How far the powers are prepared, from 0 to 1. */
  prepared = 0;
  /** @type {Standing} */
  #standing = 'wait';
  /** @type {{key: string, detail: string}|null} */
  problem = null;
  #at = '';

  /**
   * @param {{root: HTMLElement, standing: HTMLElement, voice: HTMLElement}} page
   * @param {import('./words.js').Words} words
   * @param {import('./api.js').Places} places
   * @param {import('./api.js').Api} api
   */
  constructor(page, words, places, api) {
    this.page = page;
    this.words = words;
    this.places = places;
    this.api = api;
    this.name = document.title;
    /** Called when the powers progress. @type {() => void} */
    this.onprepared = () => {};
  }

  /** @returns {Session} */
  get session() {
    if (this.#session === null) throw new Error('The election is not loaded yet.');
    return this.#session;
  }

  /** @returns {SealerClient} */
  get sealer() {
    if (this.#sealer === null) throw new Error('The part of the booth that encrypts is not running.');
    return this.#sealer;
  }

  /** Fetch and check election and voter, and begin to prepare. */
  async load() {
    try {
      const me = await this.api.me();
      if (me === null) return this.go('login', true);
      const { manifest, key, entries } = await this.api.election();
      if (entries.length < 4) return this.fail('problem-not-open');
      const election = checkElection(manifest, key, entries);
      const contests = layoutsOf(election, me.style).map(({ id }) => /** @type {Contest} */ (election.manifest.contests.find((one) => one.id === id)));
      this.#session = { election, me, contests, closesAt: await this.api.closesAt(election.manifest.closes_at) };
      this.#sealer = new SealerClient(startWorker(), election.key.n, contests);
      this.#sealer.onprogress = (part) => {
        this.prepared = part;
        this.onprepared();
      };
      this.go('intro', true);
    } catch (error) {
      this.fail(error instanceof Unreachable ? 'problem-unreachable' : error instanceof ProtocolError ? 'problem-election' : 'problem-unknown', error);
    }
  }

  /** Ask again which ballot of this voter is the latest. */
  async refresh() {
    const me = await this.api.me();
    if (me === null) return this.go('login');
    this.session.me = me;
  }

  /** Forget the sealed ballot, if there is one. */
  discard() {
    if (this.sealed === null) return;
    this.sealed = null;
    this.sealer.discard();
  }

  /**
   * Encrypt the ballot as chosen.
   */
  async seal() {
    const { election, me } = this.session;
    this.discard();
    this.audit = null;
    this.go('sealing');
    try {
      this.sealed = await this.sealer.seal({ election: election.fingerprint, voter: me.voter, previous: me.previous }, Object.fromEntries(this.choices));
      this.go('sealed', true);
    } catch (error) {
      this.fail('problem-sealing', error);
    }
  }

  /**
   * Stop at a screen that says what is wrong.
   * @param {string} key
   * @param {unknown} [error]
   */
  fail(key, error) {
    this.problem = { key, detail: error instanceof Error ? error.message : '' };
    this.go('problem', true);
  }

  /**
   * Show a screen and make it a step of the browser's history; the history holds its name only.
   * @param {string} name
   * @param {boolean} [replace]
   */
  go(name, replace = false) {
    if (replace) history.replaceState({ at: name }, '');
    else history.pushState({ at: name }, '');
    this.#draw(name);
  }

  /**
   * The browser's back or forward button.
   * @param {unknown} state
   */
  revisit(state) {
    const wanted = String(/** @type {{at?: string}} */ (state ?? {}).at ?? '');
    const busy = this.caster !== null || this.#standing === 'cast';
    const lost = (wanted === 'sealed' || wanted === 'sign') && this.sealed === null;
    if (busy || this.#session === null || !RETURNABLE.test(wanted)) {
      history.pushState({ at: this.#at }, '');
      return;
    }
    if (wanted !== 'sealed' && wanted !== 'sign') this.discard();
    this.#draw(lost ? 'review' : wanted);
  }

  /** @param {string} name @returns {Screen} */
  #screen(name) {
    const question = /^question-(\d+)$/.exec(name);
    if (question) return questionScreen(this, Number(question[1]));
    switch (name) {
      case 'login': return loginScreen(this);
      case 'intro': return introScreen(this);
      case 'review': return reviewScreen(this);
      case 'sealing': return sealingScreen(this);
      case 'sealed': return sealedScreen(this);
      case 'auditing': return auditingScreen(this);
      case 'audit': return auditScreen(this);
      case 'sign': return signScreen(this);
      case 'casting': return castingScreen(this);
      case 'stopped': return stoppedScreen(this);
      case 'done': return doneScreen(this);
      default: return problemScreen(this);
    }
  }

  /** @param {string} name */
  #draw(name) {
    this.#at = name;
    this.onprepared = () => {};
    const { title, body } = this.#screen(name);
    const heading = el('h1', { id: 'booth-title', tabindex: -1 }, isolated(title));
    this.page.root.replaceChildren(heading, el('div', { class: 'booth-body' }, body));
    document.title = `${title} – ${this.name}`;
    heading.focus();
    window.scrollTo(0, 0);
  }

  /** Say something to people who listen. @param {string} text */
  announce(text) {
    this.page.voice.textContent = text;
  }

  /**
   * Say above every screen how things stand: "not voted" until the receipt is checked.
   * @param {Standing} standing
   */
  stand(standing) {
    this.#standing = standing;
    const again = this.#session !== null && this.session.me.previous !== '';
    const { standing: line } = this.page;
    line.textContent = this.words.say(standing === 'wait' ? (again ? 'standing-again' : 'standing-not') : `standing-${standing}`);
    line.className = `booth-standing notice ${standing === 'cast' ? 'notice-good' : 'notice-wait'}`;
  }

  /** Whether leaving now would lose something. */
  get unfinished() {
    return this.#standing !== 'cast' && (this.choices.size > 0 || this.caster !== null);
  }

  /** Forget everything. */
  clear() {
    this.#sealer?.stop();
    this.#sealer = null;
    this.choices.clear();
    this.sealed = null;
    this.audit = null;
    this.caster = null;
    this.#session = null;
  }
}
