/**
 * Pictures and documents of options. Nothing is shown or saved before its SHA-256 is the one in the manifest; pictures are fetched when they come into view.
 * @module
 */
import { sha256 } from '../../../vendor/noble/noble.js';
import { encodeBytes } from '../../protocol/codec.js';
import { download, el } from '../dom.js';

/** @typedef {import('../words.js').Words} Words */
/** @typedef {import('../../protocol/manifest.js').Option} Option */

const PATH = /^media\/[\w-]{43}(?:\.([a-z0-9-]{1,40}))?\.(webp|pdf|txt)$/;
const TYPES = /** @type {Record<string, string>} */ ({ webp: 'image/webp', pdf: 'application/pdf', txt: 'text/plain' });

/**
 * An option's media by their use; paths that are not of the known form are left out.
 * @param {Record<string, string>} media {path: SHA-256}
 * @returns {{picture: string, small: string, documents: {path: string, name: string, type: string}[]}}
 */
export function sortMedia(media) {
  const known = Object.keys(media).sort().flatMap((path) => {
    const found = PATH.exec(path);
    return found ? [{ path, name: found[1] ?? '', type: found[2] }] : [];
  });
  return {
    picture: known.find(({ type, name }) => type === 'webp' && name === '')?.path ?? '',
    small: known.find(({ type, name }) => type === 'webp' && name === 'small')?.path ?? '',
    documents: known.filter(({ type }) => type !== 'webp'),
  };
}

/**
 * SHA-256 by WebCrypto, or by our own copy where a page without TLS has none.
 * @param {Uint8Array} bytes
 * @returns {Promise<string>} base64url
 */
export async function hashOf(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return encodeBytes(subtle ? new Uint8Array(await subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes))) : sha256(bytes));
}

/** Fetches files of an election once, and hands out only what has the right hash. */
export class Media {
  #fetch;
  /** @type {Map<string, Promise<Uint8Array>>} */
  #files = new Map();

  /** @param {(path: string) => Promise<Uint8Array>} fetchFile */
  constructor(fetchFile) {
    this.#fetch = fetchFile;
  }

  /**
   * @param {string} path
   * @param {string} hash SHA-256, base64url
   * @returns {Promise<Uint8Array>}
   * @throws {RangeError} the bytes differ
   * @throws {import('../unreachable.js').Unreachable}
   */
  load(path, hash) {
    const found = this.#files.get(path) ?? this.#checked(path, hash);
    this.#files.set(path, found);
    return found;
  }

  /** @param {string} path @param {string} hash */
  async #checked(path, hash) {
    try {
      const bytes = await this.#fetch(path);
      if (await hashOf(bytes) !== hash) throw new RangeError('This file is not the one that the manifest names.');
      return bytes;
    } catch (error) {
      if (!(error instanceof RangeError)) this.#files.delete(path);
      throw error;
    }
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} type
 * @returns {Promise<string>} a data address, the only kind that this site's policy lets pictures have
 */
function dataAddress(bytes, type) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type }));
  });
}

/**
 * Do something once an element comes into view, or at once where the browser cannot tell.
 * @param {HTMLElement} element
 * @param {() => void} act
 */
function whenSeen(element, act) {
  if (typeof IntersectionObserver === 'undefined') return act();
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    observer.disconnect();
    act();
  });
  observer.observe(element);
}

/**
 * An option's small picture, with its place kept free until it is there; nothing where it has none.
 * @param {Option} option
 * @param {Media|undefined} media
 * @param {Words} words
 * @param {string} alt nothing where the name stands beside it
 * @returns {HTMLElement|null}
 */
export function pictureOf(option, media, words, alt = '') {
  const path = sortMedia(option.media).small;
  if (media === undefined || path === '') return null;
  const frame = el('span', { class: 'compare-picture' });
  whenSeen(frame, async () => {
    try {
      const address = await dataAddress(await media.load(path, option.media[path]), TYPES.webp);
      frame.replaceChildren(el('img', { src: address, alt, width: 80, height: 80 }));
    } catch (error) {
      frame.classList.add('compare-picture-wrong');
      frame.replaceChildren(el('span', {}, words.say(error instanceof RangeError ? 'picture-differs' : 'picture-missing')));
    }
  });
  return frame;
}

/**
 * Buttons that save an option's documents, each checked before.
 * @param {Option} option
 * @param {Media|undefined} media
 * @param {Words} words
 * @returns {HTMLElement|null}
 */
export function documentsOf(option, media, words) {
  const { documents } = sortMedia(option.media);
  if (media === undefined || documents.length === 0) return null;
  return el('ul', { class: 'compare-documents' }, documents.map(({ path, name, type }) => {
    const said = el('span', { role: 'status', class: 'soft' });
    const save = async () => {
      try {
        download(`${name || 'document'}.${type}`, await media.load(path, option.media[path]), TYPES[type]);
        said.textContent = '';
      } catch (error) {
        said.textContent = words.say(error instanceof RangeError ? 'document-differs' : 'picture-missing');
      }
    };
    const button = el('button', { type: 'button', class: 'btn btn-secondary', click: () => void save() }, words.say('document-save', { name: name || words.say('document'), type: type.toUpperCase() }));
    return el('li', {}, button, ' ', said);
  }));
}
