/**
 * The headed parts of an option's text, and how a text is shown: plain, in paragraphs and lists, with links to the web. Never markup from a text.
 * @module
 */
import { el } from '../dom.js';

/** In the order in which they are shown. */
export const PARTS = /** @type {const} */ (['Background', 'Aims', 'Arguments', 'Sources']);
/** @typedef {{about: string, parts: Record<string, string>}} Headed */

/**
 * Cut a text at its headings; a heading that stands twice goes on with its part.
 * @param {string} text
 * @returns {Headed}
 */
export function parseHeaded(text) {
  /** @type {Map<string, string[]>} */
  const pieces = new Map([['', []]]);
  let part = '';
  for (const line of text.split('\n')) {
    const heading = PARTS.find((name) => line.trimEnd() === `## ${name}`);
    if (heading !== undefined) part = heading;
    const lines = pieces.get(part) ?? [];
    pieces.set(part, heading === undefined ? [...lines, line] : lines);
  }
  const whole = (/** @type {string} */ name) => (pieces.get(name) ?? []).join('\n').trim();
  return { about: whole(''), parts: Object.fromEntries(PARTS.filter((name) => whole(name) !== '').map((name) => [name, whole(name)])) };
}

/**
 * The parts that at least one of these options has, in any language.
 * @param {{info: Record<string, string>}[]} options
 * @returns {string[]}
 */
export function partsInUse(options) {
  const used = new Set(options.flatMap(({ info }) => Object.values(info).flatMap((text) => Object.keys(parseHeaded(text).parts))));
  return PARTS.filter((name) => used.has(name));
}

/** A link written as [words](address), <address> or the bare address. */
const LINK = /\[([^\]\n]+)\]\((https?:\/\/[^\s()<>]+)\)|<(https?:\/\/[^\s<>]+)>|(https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?؟،؛])/g;

/**
 * @param {string} text of one line
 * @returns {(string|HTMLElement)[]}
 */
export function inline(text) {
  const plain = (/** @type {string} */ words) => words.replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2').replace(/(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])/g, '$1');
  /** @type {(string|HTMLElement)[]} */
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const address = found[2] ?? found[3] ?? found[4];
    parts.push(plain(text.slice(at, found.index)), el('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow' }, found[1] ? plain(found[1]) : address));
    at = found.index + found[0].length;
  }
  return [...parts, plain(text.slice(at))].filter((one) => one !== '');
}

/**
 * A text as paragraphs and lists.
 * @param {string} text
 * @returns {HTMLElement[]}
 */
export function prose(text) {
  return text.split(/\n{2,}/).filter((block) => block.trim() !== '').map((block) => {
    const lines = block.split('\n').filter((line) => line.trim() !== '');
    if (lines.every((line) => /^ {0,3}[-*+] /.test(line))) return el('ul', {}, lines.map((line) => el('li', { dir: 'auto' }, inline(line.replace(/^ {0,3}[-*+] +/, '')))));
    return el('p', { dir: 'auto' }, lines.map((line, i) => [i > 0 ? el('br') : null, ...inline(line)]));
  });
}
