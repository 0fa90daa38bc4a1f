/** A small election with keys of its own, made in memory: 512 bits, in earnest far too few. */
import { createHash } from 'node:crypto';
import { makeKey } from './ceremony.mjs';
import { canonical, digest, encodeBytes } from '../../static/js/protocol/codec.js';
import { checkElection, layoutsOf } from '../../static/js/protocol/election.js';
import { SigningKey } from '../../static/js/protocol/signatures.js';
import { credentialKey, newCode, parseCode } from '../../static/js/protocol/credentials.js';
import { ShortPowers } from '../../static/js/protocol/paillier.js';
import { totalWeight } from '../../static/js/protocol/proofs.js';
import { prepareContest, sealBallot } from '../../static/js/protocol/ballot.js';
import { plan } from '../../static/js/protocol/plans.js';
import { randomBits } from '../../static/js/protocol/random.js';

export const P = BigInt('0xc7a43c3b220255629b032ea7390a6036f42f654b622a0f68c74f0546e2fc6d2f');
export const Q = BigInt('0xcfa565fad441e22c53e9b2d9f234b5f4da1aec7fc7791e0bb2344f4cb1ce2c4f');

/** A signing key whose seed is one number repeated. */
export const signer = (number) => new SigningKey(new Uint8Array(32).fill(number));
export const [board, registrar, official, trustee1, trustee2, trustee3] = [1, 2, 3, 4, 5, 6].map(signer);

const option = (id) => ({ id, label: { en: `Option ${id}` }, party: {}, info: {}, media: {} });
const plurality = { name: 'plurality', seats: 1 };

/** One contest of every kind. */
export const contests = [
  { id: 'one', kind: 'choose', title: { en: 'One of four' }, options: ['a', 'b', 'c', 'none'].map(option), abstain: 'none', rule: plurality, min: 1, max: 1 },
  { id: 'some', kind: 'choose', title: { en: 'Up to two of three' }, options: ['a', 'b', 'c'].map(option), abstain: '', rule: plurality, min: 0, max: 2 },
  { id: 'score', kind: 'score', title: { en: 'Scores' }, options: ['a', 'b'].map(option), abstain: '', rule: plurality, top: 3 },
  { id: 'points', kind: 'points', title: { en: 'Five points' }, options: ['a', 'b'].map(option), abstain: '', rule: { name: 'budget', budget: 10, costs: [4, 7] }, points: 5 },
  { id: 'strict', kind: 'rank', title: { en: 'Rank' }, options: ['a', 'b', 'c'].map(option), abstain: '', rule: { name: 'schulze', seats: 1 }, ties: false },
  { id: 'ties', kind: 'rank', title: { en: 'Rank, with ties' }, options: ['a', 'b', 'c'].map(option), abstain: '', rule: { name: 'borda', seats: 2 }, ties: true },
];

/** A choice that each of them allows. */
export const choices = { one: ['b'], some: ['a', 'c'], score: { a: 3, b: 1 }, points: { a: 4 }, strict: ['c', 'a', 'b'], ties: [['a', 'c'], ['b']] };

export const manifest = {
  version: 1, id: '00000000-0000-4000-8000-000000000001', title: { en: 'Small' }, description: {}, contests,
  styles: { all: contests.map(({ id }) => id), two: ['one', 'some'] }, opens_at: '2026-11-22T08:00:00Z', closes_at: '2026-11-23T08:00:00Z', closing: 'time',
  trustees: { total: 3, threshold: 2, names: ['Ada', 'Bea', 'Cyr'] }, observers: [], min_ballots: 1, modulus_bits: 512, log_origin: 'example.org/small',
  board_key: board.public, registrar_key: registrar.public, official_key: official.public, booth: {},
};

/** The bytes of an election whose manifest is given. */
export function makeRecord(given = manifest) {
  const manifestBytes = canonical(given);
  const manifestHash = digest('manifest', given);
  const M = encodeBytes(manifestHash);
  const trustees = [trustee1, trustee2, trustee3].map((one, i) => ({ name: given.trustees.names[i], key: one.public }));
  const key = makeKey(P, Q, M, trustees);
  const keyBytes = canonical(key);
  const sha256 = (bytes) => encodeBytes(createHash('sha256').update(bytes).digest());
  const voterKeys = Object.fromEntries(Object.keys(given.styles).map((style, i) => [style, credentialKey(parseCode(newCode(BigInt(123456789 + i))), manifestHash)]));
  const lines = Object.entries(voterKeys).map(([style, key]) => ({ voter: key.public, style, weight: 1 })).sort((a, b) => (a.voter < b.voter ? -1 : 1));
  const rollBytes = new TextEncoder().encode(lines.map((line) => `${new TextDecoder().decode(canonical(line))}\n`).join(''));
  const roll = sha256(rollBytes);
  const F = encodeBytes(digest('election', { manifest: M, key: encodeBytes(digest('key', key)), roll }));
  const bodies = [
    ['manifest', given],
    ['key', { sha256: sha256(keyBytes) }],
    ['roll', { sha256: roll, voters: lines.length, signature: registrar.sign('roll', { manifest: M, sha256: roll }) }],
    ['open', { election: F, signatures: { official: official.sign('open', { election: F }), trustees: [trustee1, trustee2, trustee3].map((one) => one.sign('open', { election: F })) } }],
  ];
  const entries = bodies.map(([type, body], index) => canonical({ index, time: '2026-11-22T07:00:00Z', type, body }));
  return { manifestBytes, keyBytes, rollBytes, entries, voterKeys, key };
}

export const record = makeRecord();
export const election = checkElection(record.manifestBytes, record.keyBytes, record.entries);
export const styles = { all: layoutsOf(election, 'all'), two: layoutsOf(election, 'two') };
const weights = styles.all.flatMap(({ layout }) => layout.statements.map(totalWeight));
export const powers = new ShortPowers(election.key, weights.reduce((a, b) => (a > b ? a : b)));

/** Run a generator to its end. */
export function finish(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Seal a ballot of one of the styles. */
export function seal({ style = 'all', wanted = choices, previous = '', random = randomBits } = {}) {
  const voterKey = record.voterKeys[style];
  const prepared = styles[style].map(({ id, layout }, i) => ({
    id, layout, plaintexts: plan(election.manifest.contests[i], layout, wanted[id]), prepared: finish(prepareContest(powers, layout, random)),
  }));
  const sealed = sealBallot(powers, { election: election.fingerprint, voter: voterKey.public, previous }, prepared);
  return { ...sealed, prepared, voterKey, signature: voterKey.sign('cast', { tracker: sealed.tracker }) };
}
