/**
 * In which order options are shown (docs/spec.md, "Order of options"): as in the manifest, drawn, or rotated. Proofs always use the manifest's order.
 * @module
 */
import { digest, parseCanonical, take, takeArray } from '../../protocol/codec.js';
import { demand } from '../../protocol/errors.js';

/** @typedef {import('../../protocol/manifest.js').Contest} Contest */
/** @typedef {{name: "drawn", id: string, seed: string, source: Record<string, string>}} Drawn */
/** @typedef {{name: "rotated", id: string, by: "voter"|"style"}} Rotated */
/** @typedef {Drawn|Rotated} Order */
/** @typedef {{election: string, voter: string, style: string}} Seat whose ballot it is */

/** The file's path in the manifest's `booth`. */
export const ORDER_FILE = 'order.json';
const MOST_SEED = 200;

/**
 * @param {unknown} value
 * @returns {Order}
 */
function parseOrder(value) {
  const name = /** @type {{name?: unknown}} */ (value ?? {}).name;
  if (name === 'rotated') {
    const { id, by } = take(value, ['id', 'name', 'by'], 'manifest');
    demand(typeof id === 'string' && (by === 'voter' || by === 'style'), 'manifest', 'A rotated order is not of its form.');
    return { id, name, by };
  }
  const { id, seed, source } = take(value, ['id', 'name', 'seed', 'source'], 'manifest');
  const texts = typeof source === 'object' && source !== null && !Array.isArray(source) && Object.values(source).every((one) => typeof one === 'string');
  demand(name === 'drawn' && typeof id === 'string' && typeof seed === 'string' && texts, 'manifest', 'An order of options is of no known form.');
  const length = [...seed].length;
  demand(length >= 1 && length <= MOST_SEED, 'manifest', 'The seed of a drawn order is empty or too long.');
  return { id, name, seed, source: /** @type {Record<string, string>} */ (source) };
}

/**
 * Read `order.json`.
 * @param {Uint8Array} bytes
 * @param {string[]} contestIds
 * @returns {Map<string, Order>} by contest; those that are not named are shown as in the manifest
 * @throws {ProtocolError} "encoding", "manifest"
 */
export function parseOrders(bytes, contestIds) {
  const file = take(parseCanonical(bytes), ['version', 'contests'], 'manifest');
  demand(file.version === 1, 'manifest', 'The orders of options are of another version.');
  const orders = takeArray(file.contests).map(parseOrder);
  const found = new Map(orders.map((order) => [order.id, order]));
  demand(found.size === orders.length && orders.every(({ id }) => contestIds.includes(id)), 'manifest', 'The orders of options name a contest twice, or one that does not exist.');
  return found;
}

/**
 * The bytes as one number, modulo a small one.
 * @param {Uint8Array} bytes
 * @param {number} modulus
 * @returns {number}
 */
function remainder(bytes, modulus) {
  return bytes.reduce((rest, byte) => (rest * 256 + byte) % modulus, 0);
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {number} below 0 when a comes first
 */
function compareBytes(a, b) {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}

/**
 * The hash by which drawn options are sorted.
 * @param {Pick<Contest, "id"|"abstain"> & {options: {id: string}[]}} contest
 * @param {string} seed
 * @param {string} option
 * @returns {Uint8Array}
 */
export function drawKey(contest, seed, option) {
  const options = contest.options.map(({ id }) => id).filter((id) => id !== contest.abstain);
  return digest('draw', { contest: contest.id, options, seed, option });
}

/**
 * In which order the options are shown, as places in the manifest's order; the abstention is last.
 * @param {Pick<Contest, "id"|"abstain"> & {options: {id: string}[]}} contest
 * @param {Order|undefined} order
 * @param {Seat|null} [seat] without one a rotated contest begins where the manifest begins
 * @returns {number[]}
 */
export function arrange(contest, order, seat = null) {
  const places = contest.options.map((_, i) => i);
  const last = places.filter((i) => contest.options[i].id === contest.abstain);
  let shown = places.filter((i) => contest.options[i].id !== contest.abstain);
  if (order?.name === 'drawn') {
    const keys = contest.options.map(({ id }) => drawKey(contest, order.seed, id));
    shown.sort((a, b) => compareBytes(keys[a], keys[b]));
  } else if (order?.name === 'rotated' && seat !== null && shown.length > 0) {
    const first = remainder(digest('rotate', { election: seat.election, contest: contest.id, [order.by]: order.by === 'voter' ? seat.voter : seat.style }), shown.length);
    shown = [...shown.slice(first), ...shown.slice(0, first)];
  }
  return [...shown, ...last];
}

/**
 * The contest as it is shown: the same ids, the options and their costs in another order.
 * @template {Contest} C
 * @param {C} contest
 * @param {Order|undefined} order
 * @param {Seat|null} seat
 * @returns {C}
 */
export function arranged(contest, order, seat) {
  const places = arrange(contest, order, seat);
  const { rule } = contest;
  return { ...contest, options: places.map((i) => contest.options[i]), rule: rule.name === 'budget' ? { ...rule, costs: places.map((i) => rule.costs[i]) } : rule };
}
