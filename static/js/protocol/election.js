/**
 * The election that a booth votes in: manifest, key and the first four entries of the log, checked against each other (protocol, sections 3, 7, 9).
 * The key's certificate is not checked here but by each trustee before it signs the fingerprint F, and by every verifier.
 * @module
 */
import { sha256 } from '../../vendor/noble/noble.js';
import { decodeBytes, decodeNumber, digest, encodeBytes, parseCanonical, parseTime, take, takeArray } from './codec.js';
import { compileContest } from './contests.js';
import { demand } from './errors.js';
import { LEAST_BITS, parseManifest } from './manifest.js';
import { PublicKey } from './paillier.js';
import { checkPublicKey, verify } from './signatures.js';

/** @typedef {import('./ballot.js').ContestLayout} ContestLayout */
/**
 * @typedef {object} Election
 * @property {import('./manifest.js').Manifest} manifest
 * @property {Uint8Array} manifestHash
 * @property {PublicKey} key
 * @property {string} fingerprint F, base64url
 */

export { LEAST_BITS };

/**
 * Read key.json as far as a booth needs it.
 * @param {Uint8Array} bytes
 * @param {import('./manifest.js').Manifest} manifest
 * @param {Uint8Array} manifestHash
 * @returns {{key: PublicKey, hash: Uint8Array, trusteeKeys: string[]}}
 * @throws {ProtocolError} "encoding", "key", "signature"
 */
export function parseKey(bytes, manifest, manifestHash) {
  const raw = parseCanonical(bytes);
  const found = take(raw, ['version', 'manifest', 'n', 'dealer', 'share_bits', 'trustees', 'certificate']);
  demand(found.version === 1, 'key', 'The key is of another version of the protocol.');
  demand(found.manifest === encodeBytes(manifestHash), 'key', 'The key was made for another manifest.');
  demand(typeof found.dealer === 'boolean' && typeof found.share_bits === 'number', 'key', 'The key does not say how it was made.');
  const key = new PublicKey(decodeNumber(found.n, manifest.modulus_bits / 8));
  demand(key.bits === manifest.modulus_bits, 'key', 'The key is not as long as the manifest says.');
  const trustees = takeArray(found.trustees).map((one) => take(one, ['name', 'key', 'v']));
  demand(trustees.length === manifest.trustees.total && trustees.every(({ name }, i) => name === manifest.trustees.names[i]), 'key', 'The key names other trustees than the manifest.');
  const trusteeKeys = trustees.map((one) => String(one.key));
  trusteeKeys.forEach(checkPublicKey);
  const signers = [manifest.board_key, manifest.registrar_key, manifest.official_key, ...manifest.observers.map((one) => one.key), ...trusteeKeys];
  demand(new Set(signers).size === signers.length, 'key', 'One signing key serves two of the people of this election.');
  for (const { v } of trustees) demand(decodeNumber(v, key.width) < key.n, 'key', "A trustee's share key is out of its range.");
  take(found.certificate, ['roots', 'size']);
  return { key, hash: digest('key', raw), trusteeKeys };
}

/**
 * @param {unknown} value
 * @param {number} index
 * @param {string} type
 * @returns {unknown} the body
 */
function bodyOf(value, index, type) {
  const entry = take(value, ['index', 'time', 'type', 'body']);
  parseTime(entry.time);
  demand(entry.index === index && entry.type === type, 'record', `Entry ${index} of the log is not "${type}".`);
  return entry.body;
}

/**
 * Check an election before anybody votes in it.
 * @param {Uint8Array} manifestBytes
 * @param {Uint8Array} keyBytes
 * @param {Uint8Array[]} entries the first four entries of the log, without newline
 * @returns {Election}
 * @throws {ProtocolError}
 */
export function checkElection(manifestBytes, keyBytes, entries) {
  const { manifest, hash: manifestHash } = parseManifest(manifestBytes);
  const { key, hash: keyHash, trusteeKeys } = parseKey(keyBytes, manifest, manifestHash);
  demand(entries.length === 4, 'record', 'The log does not start with manifest, key, roll and open.');
  const [first, second, third, fourth] = entries.map((entry) => parseCanonical(entry));
  demand(encodeBytes(digest('manifest', bodyOf(first, 0, 'manifest'))) === encodeBytes(manifestHash), 'record', 'The log starts with another manifest.');
  const keyEntry = take(bodyOf(second, 1, 'key'), ['sha256']);
  demand(keyEntry.sha256 === encodeBytes(sha256(keyBytes)), 'record', 'The log names another key.');
  const roll = take(bodyOf(third, 2, 'roll'), ['sha256', 'voters', 'signature']);
  const M = encodeBytes(manifestHash);
  decodeBytes(roll.sha256, 32);
  verify(manifest.registrar_key, 'roll', { manifest: M, sha256: roll.sha256 }, roll.signature);
  const fingerprint = encodeBytes(digest('election', { manifest: M, key: encodeBytes(keyHash), roll: roll.sha256 }));
  const open = take(bodyOf(fourth, 3, 'open'), ['election', 'signatures']);
  demand(open.election === fingerprint, 'record', 'The election was opened with another fingerprint than its manifest, key and roll have.');
  const signatures = take(open.signatures, ['official', 'trustees']);
  verify(manifest.official_key, 'open', { election: fingerprint }, signatures.official);
  const signed = takeArray(signatures.trustees);
  demand(signed.length === trusteeKeys.length, 'record', 'The election was not opened by all trustees.');
  signed.forEach((signature, i) => verify(trusteeKeys[i], 'open', { election: fingerprint }, signature));
  return { manifest, manifestHash, key, fingerprint };
}

/**
 * The contests of a ballot style, compiled.
 * @param {{manifest: import('./manifest.js').Manifest, key: PublicKey}} election
 * @param {string} style
 * @returns {ContestLayout[]}
 * @throws {ProtocolError} "contest"
 */
export function layoutsOf(election, style) {
  demand(Object.hasOwn(election.manifest.styles, style), 'contest', 'This ballot style does not exist.');
  return election.manifest.styles[style].map((id) => {
    const contest = election.manifest.contests.find((one) => one.id === id);
    demand(contest !== undefined, 'contest', 'A ballot style names a contest that does not exist.');
    return { id, layout: compileContest(contest, election.key.slots) };
  });
}
