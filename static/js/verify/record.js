/**
 * The public record as any browser may read it: files, lines of files, and the server's proofs.
 * @module
 */

/** @typedef {{api: string, record: string, board: string}} Places */

/** The server could not be reached, or did not send what a record has. */
export class Unreachable extends Error {}

/** Reads one election's record. Nothing is sent but the addresses; no cookie goes along. */
export class PublicRecord {
  #places;
  #fetch;

  /**
   * @param {Places} places
   * @param {typeof fetch} [fetcher]
   */
  constructor(places, fetcher = fetch.bind(globalThis)) {
    this.#places = places;
    this.#fetch = fetcher;
  }

  /**
   * @param {string} address
   * @returns {Promise<Response|null>} null: there is no such thing, or not yet
   * @throws {Unreachable}
   */
  async #get(address) {
    let response;
    try {
      response = await this.#fetch(address, { cache: 'no-cache', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (response.status === 404) return null;
    if (!response.ok) throw new Unreachable(`The server answered ${response.status} to ${address}.`);
    return response;
  }

  /**
   * @param {string} path of a file in the record
   * @returns {Promise<Uint8Array|null>}
   * @throws {Unreachable}
   */
  async file(path) {
    const response = await this.#get(this.#places.record + path);
    try {
      return response && new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  /**
   * @param {string} path of a file that the record has by now
   * @returns {Promise<Uint8Array>}
   * @throws {Unreachable}
   */
  async need(path) {
    const bytes = await this.file(path);
    if (bytes === null) throw new Unreachable(`The record has no ${path}.`);
    return bytes;
  }

  /**
   * Ask the server for a proof; whatever it says is checked by the caller.
   * @param {string} path below the election's address in the API
   * @returns {Promise<Record<string, unknown>>}
   * @throws {Unreachable}
   */
  async proof(path) {
    const response = await this.#get(this.#places.api + path);
    try {
      if (response === null) throw new Error(`The server has no proof at ${path}.`);
      return await response.json();
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  /**
   * The lines of a file, as they arrive.
   * @param {string} path
   * @returns {AsyncGenerator<Uint8Array, void>}
   * @throws {Unreachable} also when the connection breaks half-way
   */
  async *lines(path) {
    const response = await this.#get(this.#places.record + path);
    const reader = response?.body?.getReader();
    if (!reader) throw new Unreachable(`The record has no ${path}.`);
    let rest = new Uint8Array();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error) => {
          throw new Unreachable(String(error));
        });
        if (done) break;
        const bytes = new Uint8Array(rest.length + value.length);
        bytes.set(rest);
        bytes.set(value, rest.length);
        let start = 0;
        for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
          yield bytes.subarray(start, end);
          start = end + 1;
        }
        rest = bytes.slice(start);
      }
      if (rest.length > 0) throw new Unreachable(`${path} ends in the middle of a line.`);
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }
}
