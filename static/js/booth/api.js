/**
 * The server's JSON API and the public record, as the booth uses them.
 * @module
 */
import { readStanding } from './clock.js';
import { Unreachable } from './unreachable.js';

export { Unreachable };

/** @typedef {{voter: string, style: string, weight: number, previous: string, struck: boolean}} Me */
/** @typedef {{status: number, body: unknown, retryAfter: number}} Answer retryAfter in seconds, 0 when not said */
/** @typedef {{api: string, record: string, files: string, election: string, login: string, board: string, verify: string, help: string, explained: string, qr: string, check: string, short: string}} Places */

/** A line that is silent for so long is lost, whatever the browser thinks. */
const PATIENCE_MS = 30_000;
/** A long ballot on a thin line takes its time. */
const SENDING_MS = 120_000;

/** Calls the API of one election. */
export class Api {
  #places;
  #fetch;
  #language;

  /**
   * @param {Places} places
   * @param {typeof fetch} [fetcher]
   * @param {string} [language] of the sentences that the server answers with
   */
  constructor(places, fetcher = fetch.bind(globalThis), language = document.documentElement.lang) {
    this.#places = places;
    this.#language = language;
    this.#fetch = fetcher;
  }

  /**
   * @param {string} method
   * @param {string} path below the election's address in the API
   * @param {unknown} [body]
   * @returns {Promise<Answer>}
   * @throws {Unreachable}
   */
  async call(method, path, body) {
    try {
      const response = await this.#fetch(this.#places.api + path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(body === undefined ? PATIENCE_MS : SENDING_MS),
        headers: body === undefined ? { 'Accept-Language': this.#language } : { 'Accept-Language': this.#language, 'Content-Type': 'application/json', 'X-Requested-With': 'evote' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const retryAfter = Number(response.headers.get('Retry-After') ?? 0) || 0;
      if (response.status >= 500) return { status: response.status, body: null, retryAfter };
      return { status: response.status, body: JSON.parse(text), retryAfter };
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  /**
   * @returns {Promise<Me|null>} null: nobody is logged in
   * @throws {Unreachable}
   */
  async me() {
    const { status, body } = await this.call('GET', '/me');
    if (status === 401 || status === 403) return null;
    if (status !== 200) throw new Unreachable(`The server answered ${status}.`);
    return /** @type {Me} */ (body);
  }

  /**
   * How the election stands now, by the server's clock.
   * @returns {Promise<import('./clock.js').Standing>}
   * @throws {Unreachable}
   */
  async standing() {
    const { status, body } = await this.call('GET', '/standing');
    const standing = status === 200 ? readStanding(body) : null;
    if (standing === null) throw new Unreachable(`The server answered ${status}.`);
    return standing;
  }

  /**
   * Which keys were replaced or struck. All are asked for at once, so the server does not learn for which.
   * @returns {Promise<{replaced: string[], struck: string[]}>}
   * @throws {Unreachable}
   */
  async withdrawn() {
    const { status, body } = await this.call('GET', '/withdrawn');
    const { replaced, struck } = /** @type {{replaced?: unknown, struck?: unknown}} */ (body ?? {});
    if (status !== 200 || !Array.isArray(replaced) || !Array.isArray(struck)) throw new Unreachable(`The server answered ${status}.`);
    return { replaced, struck };
  }

  /**
   * @param {string} address
   * @param {RequestCache} [cache]
   * @returns {Promise<Uint8Array>}
   * @throws {Unreachable}
   */
  async #bytes(address, cache = /** @type {RequestCache} */ ('no-cache')) {
    try {
      const response = await this.#fetch(address, { cache, credentials: 'same-origin', redirect: 'error', signal: AbortSignal.timeout(SENDING_MS) });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  /**
   * The first entries of the log, as bytes without newline; four once the election is open.
   * @returns {Promise<Uint8Array[]>}
   * @throws {Unreachable}
   */
  async opening() {
    const bytes = await this.#bytes(`${this.#places.api}/log/beginning`);
    const lines = [];
    for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) lines.push(bytes.slice(start, end));
    return lines;
  }

  /**
   * A picture, a document or the order of options; the caller compares its hash.
   * @param {string} path as in the manifest
   * @returns {Promise<Uint8Array>}
   * @throws {Unreachable}
   */
  file(path) {
    return this.#bytes(this.#places.files + path, 'default');
  }

  /**
   * The key: nine tenths of what an election weighs, and needed only for sealing.
   * @returns {Promise<Uint8Array>}
   * @throws {Unreachable}
   */
  key() {
    return this.#bytes(`${this.#places.record}key.json`);
  }
}
