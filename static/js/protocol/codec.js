/**
 * Bytes and hashes (protocol, section 2): canonical JSON by RFC 8785, the tagged hash H, base64url, fixed-width numbers, times.
 * @module
 */
import { sha256 } from '../../vendor/noble/noble.js';
import { ProtocolError, demand } from './errors.js';
import { fromBytes, toBytes } from './numbers.js';

/** @typedef {null|boolean|number|string|Json[]|{[key: string]: Json}} Json */
/** @typedef {{[key: string]: Json}} JsonObject */

const MAX_DEPTH = 16;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LONE_SURROGATE = /\p{Surrogate}/u;
const ASCII = /^[\x00-\x7f]*$/;
const utf8 = new TextEncoder();

/**
 * @param {unknown} value
 * @param {number} depth how many arrays and objects stand around the value
 * @returns {string}
 */
function write(value, depth) {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') {
    demand(!LONE_SURROGATE.test(value), 'encoding', 'A text holds half of a surrogate pair.');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    demand(Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0), 'encoding',
      'A number is not a whole number from 0 to 2^53 - 1.');
    return String(value);
  }
  demand(typeof value === 'object' && value !== null, 'encoding', 'A value is of a kind that is not allowed here.');
  demand(depth < MAX_DEPTH, 'encoding', `Objects and arrays are nested more than ${MAX_DEPTH} deep.`);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  const object = /** @type {Record<string, unknown>} */ (value);
  const keys = Object.keys(object).sort(); // by UTF-16 code units, as RFC 8785 says; all are ASCII
  return `{${keys.map((key) => {
    demand(ASCII.test(key), 'encoding', 'A key is not ASCII.');
    return `${JSON.stringify(key)}:${write(object[key], depth + 1)}`;
  }).join(',')}}`;
}

/**
 * The canonical bytes of a value.
 * @param {unknown} value
 * @returns {Uint8Array}
 * @throws {ProtocolError} "encoding"
 */
export function canonical(value) {
  return utf8.encode(write(value, 0));
}

/**
 * Read canonical JSON. Every other way of writing the same value is refused, duplicate keys too.
 * @param {Uint8Array} bytes
 * @returns {Json}
 * @throws {ProtocolError} "encoding"
 */
export function parseCanonical(bytes) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ProtocolError('encoding', 'This is not JSON in UTF-8.');
  }
  demand(sameBytes(canonical(value), bytes), 'encoding', 'This JSON is not in canonical form (RFC 8785).');
  return value;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {boolean}
 */
export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * H("evote/1/" + tag, value), 32 bytes.
 * @param {string} tag without "evote/1/"
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function digest(tag, value) {
  const hash = sha256.create();
  hash.update(utf8.encode(`evote/1/${tag}\0`));
  hash.update(canonical(value));
  return hash.digest();
}

/**
 * expand("evote/1/" + tag, value, bits): the first ⌈bits/8⌉ bytes as a number.
 * @param {string} tag
 * @param {unknown} value
 * @param {number} bits
 * @returns {bigint}
 */
export function expand(tag, value, bits) {
  const width = Math.ceil(bits / 8);
  const out = new Uint8Array(Math.ceil(width / 32) * 32);
  const block = new Uint8Array(36);
  block.set(digest(tag, value));
  for (let counter = 0; counter * 32 < width; counter++) {
    new DataView(block.buffer).setUint32(32, counter);
    out.set(sha256(block), counter * 32);
  }
  return fromBytes(out.subarray(0, width));
}

/**
 * base64url without padding.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function encodeBytes(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const length = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < length; k++) text += ALPHABET[(group >> (18 - 6 * k)) & 63];
  }
  return text;
}

/**
 * @param {unknown} text base64url without padding
 * @param {number} [width] bytes that it must have; any number when left out
 * @returns {Uint8Array}
 * @throws {ProtocolError} "encoding"
 */
export function decodeBytes(text, width) {
  demand(typeof text === 'string', 'encoding', 'A base64url text is missing.');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  demand(width === undefined || (bytes.length === width && text.length === Math.ceil((width * 4) / 3)), 'encoding',
    `A base64url text is not ${width} bytes long.`);
  let [held, bits, at] = [0, 0, 0];
  for (const sign of text) {
    const six = ALPHABET.indexOf(sign);
    demand(six >= 0, 'encoding', 'A text is not base64url without padding.');
    held = ((held << 6) | six) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 255;
    }
  }
  demand(encodeBytes(bytes) === text, 'encoding', 'A base64url text has stray bits at its end.');
  return bytes;
}

/**
 * @param {bigint} value
 * @param {number} width bytes
 * @returns {string}
 */
export function encodeNumber(value, width) {
  return encodeBytes(toBytes(value, width));
}

/**
 * @param {unknown} text
 * @param {number} width bytes
 * @returns {bigint}
 */
export function decodeNumber(text, width) {
  return fromBytes(decodeBytes(text, width));
}

/**
 * A challenge: 16 bytes as 32 lower-case hexadecimal digits.
 * @param {bigint} value
 * @returns {string}
 */
export function encodeChallenge(value) {
  demand(value >= 0n && value >> 128n === 0n, 'encoding', 'A challenge is not 16 bytes.');
  return value.toString(16).padStart(32, '0');
}

/**
 * @param {unknown} text
 * @returns {bigint}
 */
export function decodeChallenge(text) {
  demand(typeof text === 'string' && /^[0-9a-f]{32}$/.test(text), 'encoding', 'A challenge is not 32 lower-case hexadecimal digits.');
  return BigInt(`0x${text}`);
}

/**
 * A time in the one form YYYY-MM-DDTHH:MM:SSZ, as milliseconds since 1970.
 * @param {unknown} text
 * @returns {number}
 */
export function parseTime(text) {
  demand(typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text), 'encoding', 'A time is not of the form YYYY-MM-DDTHH:MM:SSZ.');
  const time = Date.parse(text);
  demand(!Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z'), 'encoding', 'A time does not exist.');
  return time;
}

/**
 * Take the fields of an object whose list of keys is closed.
 * @template {string} K
 * @param {unknown} value
 * @param {readonly K[]} keys exactly these
 * @param {import('./errors.js').Check} [check]
 * @returns {Record<K, Json>}
 */
export function take(value, keys, check = 'encoding') {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), check, 'An object is missing.');
  const found = Object.keys(value);
  const missing = keys.filter((key) => !Object.hasOwn(value, key));
  demand(missing.length === 0, check, `The field ${missing.join(', ')} is missing.`);
  demand(found.length === keys.length, check, `An object has fields that are not known: ${found.filter((key) => !keys.includes(/** @type {K} */ (key))).join(', ').slice(0, 100)}.`);
  return /** @type {Record<K, Json>} */ (value);
}

/**
 * @param {unknown} value
 * @param {number} [length] that it must have
 * @returns {Json[]}
 */
export function takeArray(value, length) {
  demand(Array.isArray(value), 'encoding', 'A list is missing.');
  demand(length === undefined || value.length === length, 'encoding', `A list has ${value.length} items instead of ${length}.`);
  return value;
}
