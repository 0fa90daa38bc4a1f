/**
 * What the booth knows of the election at once: what the first question needs. All of it is checked before anything is sealed.
 * @module
 */
import { canonical, parseCanonical, take } from '../protocol/codec.js';
import { demand } from '../protocol/errors.js';
import { parseManifest } from '../protocol/manifest.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/manifest.js').Manifest} Manifest */
/**
 * The beginning of the log, read but not yet checked against the key.
 * @typedef {{entries: Uint8Array[], manifestBytes: Uint8Array, manifest: Manifest, manifestHash: Uint8Array}} Opening
 */

/**
 * Read the first four entries of the log: the first one holds the whole manifest.
 * @param {Uint8Array[]} entries without newline
 * @returns {Opening}
 * @throws {ProtocolError}
 */
export function readOpening(entries) {
  const first = take(parseCanonical(entries[0]), ['index', 'time', 'type', 'body']);
  demand(first.type === 'manifest', 'record', 'The log does not start with a manifest.');
  const manifestBytes = canonical(first.body);
  const { manifest, hash } = parseManifest(manifestBytes);
  return { entries, manifestBytes, manifest, manifestHash: hash };
}

/**
 * The contests of a ballot style, in its order.
 * @param {Manifest} manifest
 * @param {string} style
 * @returns {Contest[]}
 * @throws {ProtocolError} "contest"
 */
export function contestsOf(manifest, style) {
  demand(Object.hasOwn(manifest.styles, style), 'contest', 'This ballot style does not exist.');
  return manifest.styles[style].map((id) => {
    const contest = manifest.contests.find((one) => one.id === id);
    demand(contest !== undefined, 'contest', 'A ballot style names a contest that does not exist.');
    return contest;
  });
}
