/**
 * The server's JSON API and the public record, as the booth uses them.
 * @module
 */
import { parseTime } from '../protocol/codec.js';

/** @typedef {{voter: string, style: string, weight: number, previous: string}} Me */
/** @typedef {{status: number, body: unknown, retryAfter: number}} Answer retryAfter in seconds, 0 when not said */
/** @typedef {{api: string, record: string, election: string, login: string, board: string, verify: string, qr: string}} Places */

const HEAD_LINES = 4;

/** The server could not be reached, or answered with something that is not JSON. */
export class Unreachable extends Error {}

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
   * When voting ends, as extended. It is told for convenience only: the board goes by its log.
   * @param {string} otherwise what the manifest says
   * @returns {Promise<string>}
   */
  async closesAt(otherwise) {
    try {
      const { body } = await this.call('GET', '');
      const time = /** @type {{closes_at?: unknown}} */ (body ?? {}).closes_at;
      parseTime(time);
      return String(time);
    } catch {
      return otherwise;
    }
  }

  /**
   * @param {string} path of a file in the record
   * @returns {Promise<Response>}
   * @throws {Unreachable}
   */
  async #file(path) {
    let response;
    try {
      response = await this.#fetch(this.#places.record + path, { cache: 'no-cache', credentials: 'same-origin', redirect: 'error' });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (!response.ok) throw new Unreachable(`The server answered ${response.status}.`);
    return response;
  }

  /**
   * Manifest, key and the first four entries of the log, as bytes.
   * @returns {Promise<{manifest: Uint8Array, key: Uint8Array, entries: Uint8Array[]}>}
   * @throws {Unreachable}
   */
  async election() {
    const [manifest, key, log] = await Promise.all([this.#file('manifest.json'), this.#file('key.json'), this.#file('log/00000.jsonl')]);
    try {
      return { manifest: new Uint8Array(await manifest.arrayBuffer()), key: new Uint8Array(await key.arrayBuffer()), entries: await firstLines(log, HEAD_LINES) };
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }
}

/**
 * Read the first lines of an answer and drop the rest, which may be long.
 * @param {Response} response
 * @param {number} count
 * @returns {Promise<Uint8Array[]>}
 */
export async function firstLines(response, count) {
  const lines = [];
  let rest = new Uint8Array();
  const reader = response.body?.getReader();
  while (reader && lines.length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes = new Uint8Array(rest.length + value.length);
    bytes.set(rest);
    bytes.set(value, rest.length);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0 && lines.length < count; end = bytes.indexOf(10, start)) {
      lines.push(bytes.slice(start, end));
      start = end + 1;
    }
    rest = bytes.slice(start);
  }
  await reader?.cancel();
  return lines;
}
