/**
 * Write vectors made by JavaScript, for Python and the verifier to judge:
 *
 *     node tests/js/write-vectors.mjs OUT
 *
 * The format is in tests/vectors/README.md. Each is judged here before it is written.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, decodeNumber, digest, encodeBytes, encodeNumber, expand } from '../../static/js/protocol/codec.js';
import { openBallot, trackerOf } from '../../static/js/protocol/ballot.js';
import { credentialKey, newCode, parseCode, shortTracker, voterNumber } from '../../static/js/protocol/credentials.js';
import { plan } from '../../static/js/protocol/plans.js';
import { board, choices, contests, election, manifest, powers, record, seal, styles } from './fixtures.mjs';
import { answers, logOf } from './logs.mjs';
import { judge } from './judge.mjs';

const out = process.argv[2];
if (!out) {
  console.error('Say where the vectors go: node tests/js/write-vectors.mjs OUT');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
let written = 0;

function write(name, kind, reason, expect, input) {
  const vector = { name: `js-${name}`, reason, kind, expect, input };
  const file = join(out, `${vector.name}.json`);
  const found = judge(vector, out);
  if (found !== expect) throw new Error(`${vector.name} should be "${expect}" but is "${found}"`);
  writeFileSync(file, `${JSON.stringify(vector, null, 1)}\n`);
  written += 1;
}

const copy = (value) => structuredClone(value);
const { key, fingerprint } = election;
const M = encodeBytes(election.manifestHash);

write('digest', 'digest', 'a hash of nested values with signs beyond ASCII', 'accept', {
  tag: 'evote/1/example', value: { b: [1, 'ä\n"\\', true, 9007199254740991], a: '۱۲۳ 🗳' },
  digest: encodeBytes(digest('example', { b: [1, 'ä\n"\\', true, 9007199254740991], a: '۱۲۳ 🗳' })),
});
write('expand', 'expand', 'more bits than one hash has', 'accept', { tag: 'evote/1/example', value: { i: 7 }, bits: 640, number: encodeNumber(expand('example', { i: 7 }, 640), 80) });
write('manifest', 'manifest', 'a contest of every kind', 'accept', { bytes: encodeBytes(record.manifestBytes), hash: M });

const newline = new TextDecoder().decode(new Uint8Array([10]));
const log = encodeBytes(new TextEncoder().encode(record.entries.map((entry) => new TextDecoder().decode(entry) + newline).join('')));
write('election', 'election', 'manifest, key with its certificate, roll and log fit each other', 'accept', {
  manifest: encodeBytes(record.manifestBytes), key: encodeBytes(record.keyBytes), roll: encodeBytes(record.rollBytes), log, election: fingerprint,
});
const field = (name) => ({ file: 'js-election.json', field: name });
const setting = (style) => ({ manifest: field('manifest'), key: field('key'), roll: field('roll'), style });

contests.forEach((contest, i) => {
  const { layout } = styles.all[i];
  write(`layout-${contest.id}`, 'layout', `how "${contest.id}" compiles`, 'accept', {
    contest, slots: key.slots, cells: layout.cells, packed: layout.packed,
    statements: layout.statements.map(({ terms, values }) => ({ terms: terms.map(({ cell, weight }) => [cell, String(weight)]), values: values.map(String) })),
  });
  write(`plan-${contest.id}`, 'plan', `a choice in "${contest.id}"`, 'accept', {
    contest, slots: key.slots, choice: choices[contest.id], cells: plan(contest, layout, choices[contest.id]).map(String),
  });
});

const code = newCode(0xfedcba98765432100123n & ((1n << 100n) - 1n));
const voter = credentialKey(parseCode(code), election.manifestHash).public;
write('credential', 'credential', 'lower case, spaces, and O and l for 0 and 1', 'accept', { code: code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'), manifest: M, voter });
write('credential-typo', 'credential', 'one character is wrong', 'credential', { code: code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A'), manifest: M, voter });

const sealed = seal();
write('names', 'names', 'a tracker and a voter number as people see them', 'accept', {
  tracker: sealed.tracker, short: shortTracker(sealed.tracker), voter, number: voterNumber(voter),
});
write('ballot', 'ballot', 'a whole ballot with short exponents', 'accept', { ...setting('all'), ballot: sealed.ballot, tracker: sealed.tracker, signature: sealed.signature });
const two = seal({ style: 'two' });
const openings = two.prepared.map(({ id, plaintexts }, i) => ({ id, values: plaintexts, rho: two.randomness[i] }));
const audit = openBallot(powers, two.ballot, openings);
write('audit', 'audit', 'an audit file', 'accept', { ...setting('two'), audit, tracker: two.tracker });
const lying = copy(audit);
lying.openings[0].values[0] = encodeNumber(1n, key.width);
write('audit-other-choice', 'audit', 'an audit file that shows another choice than the ballot holds', 'proof', { ...setting('two'), audit: lying, tracker: two.tracker });

/** A hostile change to a ballot; tracker and signature are made anew. */
function hostile(name, reason, expect, change) {
  const ballot = copy(two.ballot);
  change(ballot);
  const tracker = trackerOf(ballot);
  write(`ballot-${name}`, 'ballot', reason, expect, { ...setting('two'), ballot, tracker, signature: two.voterKey.sign('cast', { tracker }) });
}
const proof = (ballot) => ballot.contests[0].proofs[0];
const z0 = decodeNumber(proof(two.ballot).z[0], key.width);
hostile('cell-zero', 'a cell that is 0', 'proof', (ballot) => { ballot.contests[0].cells[0] = encodeNumber(0n, 2 * key.width); });
hostile('cell-multiple', 'a cell that is a multiple of n', 'proof', (ballot) => { ballot.contests[0].cells[0] = encodeNumber(5n * key.n, 2 * key.width); });
hostile('cell-rerandomised', 'a cell times r^n', 'proof', (ballot) => {
  const cell = decodeNumber(ballot.contests[0].cells[0], 2 * key.width);
  ballot.contests[0].cells[0] = encodeNumber((cell * key.encrypt(0n, 2n)) % key.nSquared, 2 * key.width);
});
hostile('response-negated', 'n - z instead of z', 'proof', (ballot) => { proof(ballot).z[0] = encodeNumber(key.n - z0, key.width); });
hostile('response-other', 'a response that is one more', 'proof', (ballot) => { proof(ballot).z[0] = encodeNumber(z0 > 1n ? z0 - 1n : 2n, key.width); });
hostile('challenge-sum', 'branch challenges that do not add up', 'proof', (ballot) => { proof(ballot).e[0] = proof(ballot).e[0].replace(/.$/, (digit) => (digit === '0' ? '1' : '0')); });
hostile('challenge-capital', 'a challenge in capital letters', 'encoding', (ballot) => { proof(ballot).e[0] = `A${proof(ballot).e[0].slice(1)}`; });
hostile('branch-missing', 'a branch is missing', 'contest', (ballot) => { for (const list of Object.values(proof(ballot))) list.pop(); });
hostile('proof-missing', 'a proof is missing', 'contest', (ballot) => { ballot.contests[1].proofs.pop(); });
hostile('proofs-swapped', 'two proofs change places', 'proof', (ballot) => { ballot.contests[1].proofs.splice(0, 2, ...ballot.contests[1].proofs.slice(0, 2).reverse()); });
hostile('contests-swapped', 'two contests change places', 'contest', (ballot) => { ballot.contests.splice(0, 2, ...ballot.contests.slice(0, 2).reverse()); });
hostile('width', 'a cell one byte too wide', 'encoding', (ballot) => { ballot.contests[0].cells[0] = encodeNumber(1n, 2 * key.width + 1); });
hostile('field', 'a field more', 'encoding', (ballot) => { proof(ballot).r = []; });
hostile('previous', 'a previous ballot put in afterwards', 'proof', (ballot) => { ballot.previous = M; });
write('ballot-signature', 'ballot', 'signed with another key', 'signature', { ...setting('two'), ballot: two.ballot, tracker: two.tracker, signature: board.sign('cast', { tracker: two.tracker }) });

const signed = { origin: manifest.log_origin, board_key: board.public };
const log8 = logOf(sealed, 8);
const { promise, refusal, receipt, castDocument, head } = answers(log8);
for (const [name, document] of Object.entries({ promise, refusal, receipt })) {
  write(name, name, `a ${name} of the board`, 'accept', { ...signed, cast: castDocument, document });
}
write('receipt-other-voter', 'receipt', 'a receipt made out to another voter', 'record', { ...signed, cast: { ...castDocument, voter }, document: receipt });
write('receipt-other-leaf', 'receipt', 'another signature stands on the log', 'log', { ...signed, cast: { ...castDocument, signature: board.sign('cast', { tracker: sealed.tracker }) }, document: receipt });
write('checkpoint', 'checkpoint', "a head of the board, with a witness's line", 'accept', { ...signed, ...head });
write('checkpoint-size', 'checkpoint', 'another size is signed', 'log', { ...signed, ...head, text: head.text.replace('\n8\n', '\n9\n'), size: 9 });
console.log(`${written} vectors in ${out}`);
