/**
 * The booth: what it knows, which screen it shows, and how one gets from screen to screen. Answers, openings and code live in memory and go when the page does.
 * @module
 */
import { ProtocolError } from '../protocol/errors.js';
import { loadLater } from './ahead.js';
import { el, ignoreDoubleClicks, isolated } from './dom.js';
import { Keep } from './keep.js';
import { offline, pause, persist } from './line.js';
import { arrangeAll } from './questions/arrangement.js';
import { Media } from './questions/pictures.js';
import { endedScreen } from './screens/ended.js';
import { loginScreen, struckScreen } from './screens/before.js';
import { problemScreen } from './screens/problem.js';
import { questionScreen } from './screens/question.js';
import { reviewScreen } from './screens/review.js';
import { sealingScreen } from './screens/sealing.js';
import { contestsOf, readOpening } from './session.js';
import { Timekeeper } from './timekeeper.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/contests.js').Choice} Choice */
/** @typedef {import('../protocol/election.js').Election} Election */
/** @typedef {import('./api.js').Me} Me */
/** @typedef {import('./caster.js').Caster} Caster */
/** @typedef {import('./client.js').SealerClient} SealerClient */
/** @typedef {typeof import('./later.js')} Later */
/** @typedef {import('./dom.js').Children} Children */
/** @typedef {{title: string, body: Children}} Screen */
/** @typedef {"wait"|"sending"|"cast"} Standing */
/** @typedef {{me: Me, contests: Contest[]}} Session the voter, and what the voter is asked */

/** Screens that the browser's back button may return to without harm. */
const RETURNABLE = /^(question-\d+|review|sealed)$/;

/** One voter's visit to the booth. */
export class Booth {
  /** @type {import('./session.js').Opening|null} */
  #opening = null;
  /** @type {Session|null} */
  #session = null;
  /** @type {SealerClient|null} */
  #sealer = null;
  /** The part of the program that comes while the voter reads. @type {Later|null} */
  #later = null;
  /** The election with its key, checked; nothing is sealed before. @type {Promise<Election>|null} */
  #checked = null;
  /** The same, once it is there. @type {Election|null} */
  election = null;
  /** By which rules options were put in order, by contest. @type {Map<string, import('./questions/order.js').Order>} */
  orders = new Map();
  /** What the voter chose, by contest. @type {Map<string, Choice>} */
  choices = new Map();
  /** The ballot that waits to be cast or audited. @type {{ballot: import('../protocol/ballot.js').BallotJson, tracker: string}|null} */
  sealed = null;
  /** The last audit. @type {{file: Uint8Array, tracker: string, logged: boolean}|null} */
  audit = null;
  /** @type {Caster|null} */
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
  #drawn = 0;
  #wish = 0;
  /** One after the other: the worker holds one ballot. */
  #sealing = Promise.resolve();

  /**
   * @param {{root: HTMLElement, bar: HTMLElement, standing: HTMLElement, clock: HTMLElement, voice: HTMLElement}} page
   * @param {import('./words.js').Words} words
   * @param {import('./api.js').Places} places
   * @param {import('./api.js').Api} api
   */
  constructor(page, words, places, api) {
    this.page = page;
    this.words = words;
    this.places = places;
    this.api = api;
    /** Pictures and documents, each checked before it is shown. */
    this.media = new Media((path) => api.file(path));
    this.keep = new Keep(places.api.split('/').at(-1) ?? '');
    this.name = document.title;
    /** Called when the powers, or the key, progress. @type {() => void} */
    this.onprepared = () => {};
    ignoreDoubleClicks(page.root, () => this.#drawn);
    this.time = new Timekeeper(this);
  }

  /** @returns {Session} */
  get session() {
    if (this.#session === null) throw new Error('Nobody is logged in.');
    return this.#session;
  }

  /** @returns {import('./session.js').Opening} */
  get opening() {
    if (this.#opening === null) throw new Error('The election is not loaded yet.');
    return this.#opening;
  }

  /** @returns {import('../protocol/receipts.js').BoardIdentity} */
  get board() {
    const { log_origin, board_key } = this.opening.manifest;
    return { origin: log_origin, boardKey: board_key };
  }

  /** @returns {Later} */
  get later() {
    if (this.#later === null) throw new Error('The second part of the booth is not loaded yet.');
    return this.#later;
  }

  /** Whether the answers are here, and not lost by a reload. */
  get answered() {
    return this.#session !== null && this.choices.size > 0;
  }

  /** @returns {SealerClient} */
  get sealer() {
    if (this.#sealer === null) throw new Error('The part of the booth that encrypts is not running.');
    return this.#sealer;
  }

  /**
   * Fetch the voter and what the first question needs, and show it; the key comes while the voter reads.
   * @param {import('./clock.js').Standing} standing as the page came with it
   * @param {boolean} reloaded whether this very page was shown before
   */
  async load(standing, reloaded) {
    const kept = this.keep.read();
    if (standing.phase !== 'open' && (kept === null || kept.receipt !== null)) return;
    this.page.bar.hidden = false;
    try {
      const tell = () => this.tellLine('load-line');
      const [me, entries] = await Promise.all([persist(() => this.api.me(), tell), persist(() => this.api.opening(), tell)]);
      this.#opening = readOpening(entries);
      const fits = kept !== null && (me === null || me.voter === kept.cast.voter);
      if (kept !== null && fits && await this.#resume(kept, me, reloaded)) return;
      this.keep.clear();
      if (me === null) return this.go('login', true);
      const { contests, orders } = await arrangeAll(contestsOf(this.#opening.manifest, me.style), this.#opening, me, (path) => persist(() => this.api.file(path), tell));
      this.orders = orders;
      this.#session = { me, contests };
      if (me.struck) return this.go('struck', true);
      this.go('question-0', true);
      performance.mark('first-question');
      this.#checked = this.#check(me);
      await this.#checked;
    } catch (error) {
      this.fail(error instanceof ProtocolError ? 'problem-election' : 'problem-unknown', error);
    }
  }

  /**
   * Fetch the key, check that all fits together, and begin to prepare.
   * @param {Me} me
   * @returns {Promise<Election>}
   */
  async #check(me) {
    await new Promise((resolve) => { setTimeout(resolve); });
    const tell = () => this.onprepared();
    const [bytes, later] = await Promise.all([persist(() => this.api.key(), tell), loadLater(tell)]);
    this.#later = later;
    const { entries, manifestBytes } = this.opening;
    const election = later.checkElection(manifestBytes, bytes, entries);
    this.election = election;
    this.#sealer = new later.SealerClient(later.startWorker(), election.key.n, contestsOf(election.manifest, me.style));
    this.#sealer.onprogress = (part) => {
      this.prepared = part;
      this.onprepared();
    };
    this.onprepared();
    return election;
  }

  /**
   * Go on with a ballot that was on its way when the page was left, or show its receipt again.
   * @param {import('./keep.js').Kept} kept by this tab; nothing of it is believed
   * @param {Me|null} me
   * @param {boolean} reloaded
   * @returns {Promise<boolean>} whether there is something to show
   */
  async #resume(kept, me, reloaded) {
    if (kept.receipt !== null && !reloaded) return false;
    this.#later = await loadLater(() => this.tellLine('load-line'));
    if (!this.later.isGenuine(kept, this.board)) return false;
    if (kept.receipt !== null) this.outcome = { state: 'cast', receipt: kept.receipt };
    if (me !== null) this.#session = { me, contests: [] };
    this.begin(kept.cast, kept.ballot, kept.promise);
    this.go(kept.receipt !== null ? 'done' : 'casting', true);
    return true;
  }

  /**
   * Begin to cast. From now on the tab keeps the encrypted ballot, so that a reload can go on.
   * @param {import('../protocol/receipts.js').Cast} cast
   * @param {import('../protocol/ballot.js').BallotJson|null} ballot
   * @param {import('../protocol/receipts.js').Promised|null} [promise]
   */
  begin(cast, ballot, promise = null) {
    const caster = new this.later.Caster(this.api, { ballot, signature: cast.signature }, cast, this.board, pause, promise);
    const receipt = this.outcome?.state === 'cast' ? this.outcome.receipt : null;
    this.keep.write({ cast, ballot, promise, receipt });
    caster.onpromise = (given) => this.keep.write({ cast, ballot: null, promise: given, receipt: null });
    this.caster = caster;
  }

  /** The ballot that is cast, or waits for it. @returns {string} its tracker, or nothing */
  get tracker() {
    return this.caster?.cast.tracker ?? this.sealed?.tracker ?? '';
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

  /** Encrypt the ballot as chosen, once the election is checked. The latest wish counts: one may go back while the line is slow. */
  seal() {
    if (this.#at === 'sealing') return;
    this.discard();
    this.audit = null;
    this.go('sealing');
    const wish = (this.#wish += 1);
    const wanted = () => wish === this.#wish && this.#at === 'sealing';
    this.#sealing = this.#sealing.then(() => this.#seal(wanted)).catch((error) => this.fail('problem-sealing', error));
  }

  /** @param {() => boolean} wanted */
  async #seal(wanted) {
    /** @type {Election} */
    let election;
    try {
      election = await /** @type {Promise<Election>} */ (this.#checked);
    } catch {
      if (this.problem !== null && wanted()) this.go('problem', true); // load() said what is wrong; somebody went back
      return;
    }
    if (!wanted()) return;
    const { me } = this.session;
    const sealed = await this.sealer.seal({ election: election.fingerprint, voter: me.voter, previous: me.previous }, Object.fromEntries(this.choices));
    if (!wanted()) {
      this.sealer.discard();
      return;
    }
    this.sealed = sealed;
    this.go('sealed', true);
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
    const busy = this.caster !== null || this.#standing === 'cast' || ['ended', 'auditing'].includes(this.#at) || this.problem?.key === 'problem-election';
    if (busy || this.#session === null || this.#session.me.struck || !RETURNABLE.test(wanted)) {
      history.pushState({ at: this.#at }, '');
      return;
    }
    const lost = wanted === 'sealed' && this.sealed === null;
    if (wanted !== 'sealed') this.discard();
    this.#draw(lost ? 'review' : wanted);
  }

  /** @param {string} name @returns {Screen} */
  #screen(name) {
    const question = /^question-(\d+)$/.exec(name);
    if (question) return questionScreen(this, Number(question[1]));
    switch (name) {
      case 'login': return loginScreen(this);
      case 'struck': return struckScreen(this);
      case 'review': return reviewScreen(this);
      case 'sealing': return sealingScreen(this);
      case 'sealed': return this.later.sealedScreen(this);
      case 'auditing': return this.later.auditingScreen(this);
      case 'audit': return this.later.auditScreen(this);
      case 'casting': return this.later.castingScreen(this);
      case 'stopped': return this.later.stoppedScreen(this);
      case 'ended': return endedScreen(this);
      case 'done': return this.later.doneScreen(this);
      default: return problemScreen(this);
    }
  }

  /** The name of the screen that is shown. */
  get at() {
    return this.#at;
  }

  /** @param {string} name */
  #draw(name) {
    this.#at = name;
    this.#drawn = performance.now();
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

  /** Say that the line is gone, on whatever stands there. @param {string} key of the sentence where the device is not simply offline */
  tellLine(key) {
    const line = document.getElementById('booth-line');
    if (line !== null) line.textContent = this.words.say(offline() ? 'line-offline' : key);
  }

  /**
   * Say above every screen how things stand: "not voted" until the receipt is checked.
   * @param {Standing} standing
   */
  stand(standing) {
    this.#standing = standing;
    const { words, page: { standing: line, bar } } = this;
    const again = this.#session !== null && this.session.me.previous !== '';
    let text = words.say(standing === 'wait' ? (again ? 'standing-again' : 'standing-not') : `standing-${standing}`);
    if (standing === 'wait' && this.time.phase === 'annulled') text = words.say('standing-annulled');
    else if (this.#at === 'ended') text = words.say(again ? 'standing-over-again' : 'standing-over');
    if (line.textContent !== text) line.textContent = text;
    bar.className = `booth-bar notice ${standing === 'cast' ? 'notice-good' : 'notice-wait'}`;
    if (standing === 'cast') this.time.stop();
  }

  /** Whether the receipt is here and checked. */
  get done() {
    return this.#standing === 'cast';
  }

  /** Whether there is a voter who could still vote on this page. */
  get present() {
    return this.#session !== null;
  }

  /** Whether leaving now would lose something. */
  get unfinished() {
    return this.#standing !== 'cast' && (this.choices.size > 0 || this.caster !== null);
  }

  /** Forget everything but what the tab keeps of a ballot that is being cast. */
  clear() {
    this.stopSealing();
    this.choices.clear();
    this.sealed = null;
    this.audit = null;
    this.caster = null;
    this.#session = null;
    this.page.root.replaceChildren();
  }

  /** End the worker, and with it everything that it knows. */
  stopSealing() {
    this.#sealer?.stop();
    this.#sealer = null;
  }
}
