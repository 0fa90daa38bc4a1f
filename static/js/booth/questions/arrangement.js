/**
 * A voter's contests as they are shown: in the order that the election's rule gives, which the manifest binds.
 * @module
 */
import { sha256 } from '../../../vendor/noble/noble.js';
import { encodeBytes, parseCanonical, take } from '../../protocol/codec.js';
import { demand } from '../../protocol/errors.js';
import { arranged, ORDER_FILE, parseOrders } from './order.js';

/** @typedef {import('./order.js').Contest} Contest */

/**
 * Put a voter's contests in order. Where ballots begin depends on the election's fingerprint as the log's fourth entry
 * has it; whether it is the right one is checked before anything is sealed.
 * @param {Contest[]} contests of the voter's ballot style, as in the manifest
 * @param {{manifest: import('../../protocol/manifest.js').Manifest, entries: Uint8Array[]}} opening
 * @param {{voter: string, style: string}} me
 * @param {(path: string) => Promise<Uint8Array>} fetchFile fetches a file of the election
 * @returns {Promise<{contests: Contest[], orders: Map<string, import('./order.js').Order>}>}
 * @throws {ProtocolError} "manifest": the rule is not the one that the manifest names
 */
export async function arrangeAll(contests, { manifest, entries }, me, fetchFile) {
  const named = manifest.booth[ORDER_FILE];
  /** @type {Map<string, import('./order.js').Order>} */
  let orders = new Map();
  if (named !== undefined) {
    const bytes = await fetchFile(ORDER_FILE);
    demand(encodeBytes(sha256(bytes)) === named, 'manifest', 'The order of the options is not the one that the manifest names.');
    orders = parseOrders(bytes, manifest.contests.map(({ id }) => id));
  }
  const open = /** @type {{election?: unknown}} */ (take(parseCanonical(entries[3]), ['index', 'time', 'type', 'body']).body);
  const seat = { election: String(open.election), voter: me.voter, style: me.style };
  return { contests: contests.map((contest) => arranged(contest, orders.get(contest.id), seat)), orders };
}
