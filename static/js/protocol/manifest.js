/**
 * The manifest (protocol, section 9): what the election is about. Everything is checked here, so that the booth may rely on it.
 * @module
 */
import { decodeBytes, digest, parseCanonical, parseTime, take } from './codec.js';
import { demand } from './errors.js';
import { parseRule, whole } from './rules.js';
import { checkPublicKey } from './signatures.js';

/** A modulus shorter than this serves tests only. */
export const LEAST_BITS = 2048;

/** @typedef {Record<string, string>} Words a text in several languages */
/** @typedef {{id: string, label: Words, party: Words, info: Words, media: Record<string, string>}} Option */
/** @typedef {{id: string, title: Words, options: Option[], abstain: string, rule: import('./rules.js').Rule}} Common */
/** @typedef {Common & {kind: "choose", min: number, max: number}} Choose */
/** @typedef {Common & {kind: "score", top: number}} Score */
/** @typedef {Common & {kind: "points", points: number}} Points */
/** @typedef {Common & {kind: "rank", ties: boolean}} Rank */
/** @typedef {Choose|Score|Points|Rank} Contest */
/**
 * @typedef {object} Manifest
 * @property {string} id
 * @property {Words} title
 * @property {Words} description
 * @property {Contest[]} contests
 * @property {Record<string, string[]>} styles
 * @property {string} opens_at
 * @property {string} closes_at
 * @property {"time"|"official"} closing
 * @property {{total: number, threshold: number, names: string[]}} trustees
 * @property {{name: string, key: string}[]} observers
 * @property {number} min_ballots
 * @property {number} modulus_bits
 * @property {string} log_origin
 * @property {string} board_key
 * @property {string} registrar_key
 * @property {string} official_key
 * @property {Record<string, string>} booth
 */

const FIELDS = /** @type {const} */ (['version', 'id', 'title', 'description', 'contests', 'styles', 'opens_at', 'closes_at', 'closing',
  'trustees', 'observers', 'min_ballots', 'modulus_bits', 'log_origin', 'board_key', 'registrar_key', 'official_key', 'booth']);
const KIND_FIELDS = /** @type {Record<string, string[]>} */ ({ choose: ['min', 'max'], score: ['top'], points: ['points'], rank: ['ties'] });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * @param {unknown} condition
 * @param {string} message
 * @returns {asserts condition}
 */
function need(condition, message) {
  demand(condition, 'manifest', message);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string}
 */
function text(value, name) {
  need(typeof value === 'string', `The manifest's ${name} is not a text.`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown[]}
 */
function list(value, name) {
  need(Array.isArray(value), `The manifest's ${name} is not a list.`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {boolean} empty whether it may be empty
 * @returns {Record<string, string>}
 */
function words(value, name, empty) {
  need(typeof value === 'object' && value !== null && !Array.isArray(value), `The manifest's ${name} is not an object of texts.`);
  const entries = Object.entries(value);
  need((empty || entries.length > 0) && entries.every(([, one]) => typeof one === 'string'), `The manifest's ${name} is not an object of texts.`);
  return /** @type {Record<string, string>} */ (value);
}

/**
 * Paths and the SHA-256 of what stands there.
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, string>}
 */
function hashes(value, name) {
  const found = words(value, name, true);
  for (const hash of Object.values(found)) decodeBytes(hash, 32);
  return found;
}

/**
 * @param {readonly string[]} ids
 * @param {string} name
 */
function unique(ids, name) {
  need(new Set(ids).size === ids.length, `The manifest uses one of its ${name} twice.`);
}

/**
 * @param {unknown} value
 * @returns {Option}
 */
function parseOption(value) {
  const option = take(value, ['id', 'label', 'party', 'info', 'media'], 'manifest');
  return {
    id: text(option.id, 'option id'),
    label: words(option.label, 'option label', false),
    party: words(option.party, 'party', true),
    info: words(option.info, 'info', true),
    media: hashes(option.media, 'media'),
  };
}

/**
 * @param {unknown} value
 * @returns {Contest}
 */
export function parseContest(value) {
  need(typeof value === 'object' && value !== null && 'kind' in value, 'A contest has no kind.');
  const kind = text(value.kind, 'kind');
  need(Object.hasOwn(KIND_FIELDS, kind), `A contest is of the unknown kind ${kind.slice(0, 40)}.`);
  const contest = take(value, ['id', 'kind', 'title', 'options', 'abstain', 'rule', ...KIND_FIELDS[kind]], 'manifest');
  const options = list(contest.options, 'options').map(parseOption);
  need(options.length >= (kind === 'rank' ? 2 : 1), 'A contest has too few options.');
  unique(options.map((option) => option.id), 'options');
  need(contest.id !== '' && options.every((option) => option.id !== ''), 'A contest or an option has an empty id.');
  const abstain = text(contest.abstain, 'abstain');
  need(abstain === '' || options.some((option) => option.id === abstain), 'The abstention is not one of the options.');
  const common = { id: text(contest.id, 'contest id'), title: words(contest.title, 'contest title', false), options, abstain };
  const rule = parseRule(contest.rule, kind, options.map((option) => option.id), abstain);
  if (kind === 'choose') {
    const max = whole(contest.max, 'max', 0, options.length);
    return { ...common, kind, rule, min: whole(contest.min, 'min', 0, max), max };
  }
  if (kind === 'score') return { ...common, kind, rule, top: whole(contest.top, 'top', 1) };
  if (kind === 'points') return { ...common, kind, rule, points: whole(contest.points, 'points', 1) };
  need(kind === 'rank' && typeof contest.ties === 'boolean', "The manifest's ties is neither true nor false.");
  return { ...common, kind, rule, ties: contest.ties };
}

/**
 * @param {unknown} value
 * @returns {Manifest["trustees"]}
 */
function parseTrustees(value) {
  const found = take(value, ['total', 'threshold', 'names'], 'manifest');
  const total = whole(found.total, 'number of trustees', 1, 64);
  const threshold = whole(found.threshold, 'threshold', 1, total);
  need(2 * threshold > total, 'The threshold is not more than half of the trustees.');
  const names = list(found.names, 'names of trustees').map((name) => text(name, 'name'));
  need(names.length === total, 'The manifest names another number of trustees than it says.');
  return { total, threshold, names };
}

/**
 * Read a manifest and check its bounds.
 * @param {Uint8Array} bytes
 * @returns {{manifest: Manifest, hash: Uint8Array}} with its hash, M of section 9
 * @throws {ProtocolError} "encoding", "manifest", "signature" (a key that is refused)
 */
export function parseManifest(bytes) {
  const raw = parseCanonical(bytes);
  const found = take(raw, FIELDS, 'manifest');
  need(found.version === 1, 'The manifest is of another version of the protocol.');
  const id = text(found.id, 'id');
  need(UUID.test(id), "The manifest's id is not a UUID in lower case.");
  const contests = list(found.contests, 'contests').map(parseContest);
  need(contests.length > 0, 'The manifest has no contest.');
  unique(contests.map((contest) => contest.id), 'contests');
  need(typeof found.styles === 'object' && found.styles !== null && !Array.isArray(found.styles), "The manifest's styles are not an object.");
  const styles = Object.fromEntries(Object.entries(found.styles).map(([style, ids]) => {
    const known = list(ids, 'style').map((one) => text(one, 'style'));
    need(known.length > 0 && known.every((one) => contests.some((contest) => contest.id === one)), 'A ballot style names a contest that does not exist.');
    unique(known, 'contests in a style');
    return [style, known];
  }));
  need(Object.keys(styles).length > 0, 'The manifest has no ballot style.');
  const [opens_at, closes_at] = [text(found.opens_at, 'opens_at'), text(found.closes_at, 'closes_at')];
  need(parseTime(opens_at) < parseTime(closes_at), 'The election closes before it opens.');
  const closing = text(found.closing, 'closing');
  need(closing === 'time' || closing === 'official', 'The manifest closes neither by time nor by the official.');
  const observers = list(found.observers, 'observers').map((value) => {
    const observer = take(value, ['name', 'key'], 'manifest');
    return { name: text(observer.name, 'name'), key: text(observer.key, 'key') };
  });
  const [board_key, registrar_key, official_key] = [text(found.board_key, 'board_key'), text(found.registrar_key, 'registrar_key'), text(found.official_key, 'official_key')];
  const keys = [board_key, registrar_key, official_key, ...observers.map((observer) => observer.key)];
  keys.forEach(checkPublicKey);
  unique(keys, 'signing keys');
  const log_origin = text(found.log_origin, 'log_origin');
  need(log_origin !== '' && !/[\s+\0-\x1f\x7f]/u.test(log_origin), "The manifest's log_origin is empty or holds a space, a plus sign or a control character.");
  const modulus_bits = whole(found.modulus_bits, 'modulus_bits', 256, 16384);
  need(modulus_bits % 16 === 0, "The manifest's modulus_bits is not a multiple of 16.");
  /** @type {Manifest} */
  const manifest = {
    id, title: words(found.title, 'title', false), description: words(found.description, 'description', true), contests, styles, opens_at, closes_at, closing,
    trustees: parseTrustees(found.trustees), observers, min_ballots: whole(found.min_ballots, 'min_ballots', 1), modulus_bits, log_origin,
    board_key, registrar_key, official_key, booth: hashes(found.booth, 'booth'),
  };
  return { manifest, hash: digest('manifest', raw) };
}
