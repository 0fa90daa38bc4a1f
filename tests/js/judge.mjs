/** Judge one vector; the format is in tests/vectors/README.md. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { canonical, decodeBytes, decodeChallenge, decodeNumber, digest, encodeBytes, encodeNumber, expand, parseCanonical, parseTime } from '../../static/js/protocol/codec.js';
import { ProtocolError, demand } from '../../static/js/protocol/errors.js';
import { verify } from '../../static/js/protocol/signatures.js';
import { credentialKey, parseCode, shortTracker, voterNumber } from '../../static/js/protocol/credentials.js';
import { parseContest, parseManifest } from '../../static/js/protocol/manifest.js';
import { compileContest } from '../../static/js/protocol/contests.js';
import { checkPlan, plan, totals } from '../../static/js/protocol/plans.js';
import { checkElection, layoutsOf, parseKey } from '../../static/js/protocol/election.js';
import { checkAudit, trackerOf, verifyBallot } from '../../static/js/protocol/ballot.js';
import { verifyConsistency, verifyInclusion } from '../../static/js/protocol/merkle.js';
import { parseCheckpoint } from '../../static/js/protocol/checkpoint.js';
import { verifyPromise, verifyReceipt, verifyRefusal } from '../../static/js/protocol/receipts.js';
import { decide } from '../../static/js/verify/outcome.js';

const equal = (found, wanted, check) => demand(encodeBytes(canonical(found)) === encodeBytes(canonical(wanted)), check, 'The value is another one.');
const bare = (tag) => {
  demand(tag.startsWith('evote/1/'), 'encoding', 'A tag does not start with evote/1/.');
  return tag.slice('evote/1/'.length);
};
const board = ({ origin, board_key }) => ({ origin, boardKey: board_key });

/** A field's bytes, of this vector or of the one that it refers to. */
function bytesOf(value, folder) {
  if (typeof value === 'string') return decodeBytes(value);
  return decodeBytes(JSON.parse(readFileSync(join(folder, value.file), 'utf8')).input[value.field]);
}

/** Manifest, key and fingerprint of a ballot vector. */
function setting(input, folder) {
  const bytes = (value) => bytesOf(value, folder);
  const { manifest, hash } = parseManifest(bytes(input.manifest));
  const { key, hash: keyHash } = parseKey(bytes(input.key), manifest, hash);
  const roll = encodeBytes(createHash('sha256').update(bytes(input.roll)).digest());
  const fingerprint = encodeBytes(digest('election', { manifest: encodeBytes(hash), key: encodeBytes(keyHash), roll }));
  return { key, fingerprint, style: layoutsOf({ manifest, key }, input.style) };
}

function judgeBallot(ballot, input, { key, fingerprint, style }) {
  verifyBallot(ballot, key, style);
  demand(ballot.election === fingerprint, 'record', 'The ballot is of another election.');
  equal(trackerOf(ballot), input.tracker, 'record');
  if ('signature' in input) verify(ballot.voter, 'cast', { tracker: input.tracker }, input.signature);
}

const judges = {
  canonical: ({ bytes }) => parseCanonical(decodeBytes(bytes)),
  digest: ({ tag, value, digest: wanted }) => equal(encodeBytes(digest(bare(tag), value)), wanted, 'encoding'),
  expand: ({ tag, value, bits, number }) => equal(encodeNumber(expand(bare(tag), value, bits), Math.ceil(bits / 8)), number, 'encoding'),
  number: ({ text, width }) => decodeNumber(text, width),
  challenge: ({ text }) => decodeChallenge(text),
  time: ({ text }) => parseTime(text),
  signature: ({ public: key, tag, value, signature }) => verify(key, bare(tag), value, signature),
  credential: ({ code, manifest, voter }) => equal(credentialKey(parseCode(code), decodeBytes(manifest, 32)).public, voter, 'credential'),
  names: ({ tracker, short, voter, number }) => equal([shortTracker(tracker), voterNumber(voter)], [short, number], 'credential'),
  manifest: ({ bytes, hash }) => equal(encodeBytes(parseManifest(decodeBytes(bytes)).hash), hash, 'manifest'),
  layout: ({ contest, slots, ...wanted }) => {
    const layout = compileContest(parseContest(contest), slots);
    const statements = layout.statements.map(({ terms, constant, values }) => ({
      terms: terms.map(({ cell, weight }) => [cell, String(weight)]), values: values.map((value) => String(value - constant)),
    }));
    equal({ cells: layout.cells, packed: layout.packed, statements }, wanted, 'contest');
  },
  plan: ({ contest, slots, choice, cells }) => {
    const parsed = parseContest(contest);
    const layout = compileContest(parsed, slots);
    const found = plan(parsed, layout, choice);
    const wanted = cells.map(BigInt);
    checkPlan(layout, wanted);
    if (parsed.kind === 'points') equal(totals(layout, found).map(String), totals(layout, wanted).map(String), 'contest');
    else equal(found.map(String), cells, 'contest');
  },
  outcome: ({ contest, totals, weight, eligible, ...wanted }) => {
    const { elected, tied } = decide(parseContest(contest), totals, weight, eligible);
    equal({ elected, tied }, wanted, 'contest');
  },
  election: (input, folder) => {
    const { election } = input;
    const [manifest, key, roll, entries] = [input.manifest, input.key, input.roll, input.log].map((value) => bytesOf(value, folder));
    const lines = new TextDecoder().decode(entries).split('\n').slice(0, 4).map((line) => new TextEncoder().encode(line));
    const found = checkElection(manifest, key, lines);
    const third = parseCanonical(lines[2]);
    equal(encodeBytes(createHash('sha256').update(roll).digest()), third.body.sha256, 'record');
    equal(found.fingerprint, election, 'record');
  },
  ballot: (input, folder) => judgeBallot(input.ballot, input, setting(input, folder)),
  audit: (input, folder) => {
    const found = setting(input, folder);
    checkAudit(input.audit, found.key, found.style);
    judgeBallot(input.audit.ballot, input, found);
  },
  inclusion: ({ leaf_hash, index, size, root, proof }) =>
    verifyInclusion(decodeBytes(leaf_hash, 32), index, size, decodeBytes(root, 32), proof.map((one) => decodeBytes(one, 32))),
  consistency: ({ old_size, old_root, new_size, new_root, proof }) =>
    verifyConsistency(old_size, decodeBytes(old_root, 32), new_size, decodeBytes(new_root, 32), proof.map((one) => decodeBytes(one, 32))),
  checkpoint: ({ origin, board_key, text, size, root }) => {
    const head = parseCheckpoint(text, origin, board_key);
    equal({ size: head.size, root: encodeBytes(head.root) }, { size, root }, 'log');
  },
  promise: ({ cast, document, ...rest }) => verifyPromise(document, cast, board(rest)),
  refusal: ({ cast, document, ...rest }) => verifyRefusal(document, cast, board(rest)),
  receipt: ({ cast, document, ...rest }) => verifyReceipt(document, cast, board(rest)),
};

/** Kinds that the browser has no part in: the key's certificate is checked by trustees and verifiers. */
export const ELSEWHERE = new Set(['certificate']);

/**
 * @returns {string} "accept" or the name of the check that refused it
 */
export function judge(vector, folder) {
  if (!Object.hasOwn(judges, vector.kind)) throw new Error(`${vector.name}: the kind ${vector.kind} is not known; see tests/vectors/README.md`);
  try {
    judges[vector.kind](vector.input, folder);
    return 'accept';
  } catch (error) {
    if (error instanceof ProtocolError) return error.check;
    throw error;
  }
}
