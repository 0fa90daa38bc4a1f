/** The check of an opened ballot in the browser: against all vectors of audits, and every kind of contest. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openBallot } from '../../static/js/protocol/ballot.js';
import { canonical, decodeBytes, digest, encodeBytes, encodeNumber } from '../../static/js/protocol/codec.js';
import { compileContest } from '../../static/js/protocol/contests.js';
import { parseKey } from '../../static/js/protocol/election.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { parseManifest } from '../../static/js/protocol/manifest.js';
import { plan, totals } from '../../static/js/protocol/plans.js';
import { checkAuditFile } from '../../static/js/verify/auditchecks.js';
import { choiceOf } from '../../static/js/verify/contents.js';
import { readDocument } from '../../static/js/verify/documents.js';
import { choices, contests, election, powers, seal } from './fixtures.mjs';

const folder = fileURLToPath(new URL('../vectors/', import.meta.url));
const vectors = readdirSync(folder).filter((name) => /-audit[.-]/.test(name)).map((name) => JSON.parse(readFileSync(folder + name, 'utf8')));

/** Check a file; returns what each step said, and what the ballot was found to hold. */
async function check(value, setting) {
  const says = {};
  const holds = {};
  const checks = {
    progress() {},
    async step(id, act) {
      let finding;
      try {
        finding = await act();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        finding = { state: 'fail', say: `${id}-fail` };
      }
      says[id] = finding.say;
      return finding.state !== 'fail' && finding.state !== 'stopped';
    },
  };
  const { document } = readDocument(canonical(value));
  await checkAuditFile(checks, { log: { found: [] }, ...setting }, document, async (contest, choice) => {
    holds[contest.id] = choice;
    return [];
  });
  return { says, holds };
}

test('every audit vector is judged by this page as by all other programs', async () => {
  const bytesOf = (value) => decodeBytes(typeof value === 'string' ? value : JSON.parse(readFileSync(folder + value.file, 'utf8')).input[value.field]);
  assert.ok(vectors.length > 15);
  for (const { name, input, expect, verdict, check: refusing, ...rest } of vectors) {
    const wanted = expect ?? verdict ?? refusing ?? rest.result;
    const { manifest, hash } = parseManifest(bytesOf(input.manifest));
    const { key, hash: keyHash } = parseKey(bytesOf(input.key), manifest, hash);
    const roll = encodeBytes(createHash('sha256').update(bytesOf(input.roll)).digest());
    const fingerprint = encodeBytes(digest('election', { manifest: encodeBytes(hash), key: encodeBytes(keyHash), roll }));
    let said;
    try {
      const { says } = await check(input.audit, { election: { manifest, key, fingerprint } });
      said = Object.values(says).some((one) => one.endsWith('-fail') || one === 'foreign') ? 'refused' : 'accept';
    } catch (error) {
      assert.match(String(error.say), /^file-/, `${name}: ${error}`);
      said = 'refused';
    }
    assert.equal(said === 'accept', wanted === 'accept', `${name}: ${wanted}`);
  }
});

/** An opened ballot with every kind of contest. */
function opened(wanted = choices) {
  const { ballot, prepared, randomness } = seal({ wanted });
  return openBallot(powers, ballot, prepared.map(({ id, plaintexts }, i) => ({ id, values: plaintexts, rho: randomness[i] })));
}

test('an opened ballot is read back to the very choice, in contests of every kind', async () => {
  const audit = opened();
  const { says, holds } = await check(audit, { election });
  assert.deepEqual(says, { audit: 'audit-pass', holds: 'holds-this', validity: 'validity-pass', noted: 'noted-not' });
  assert.deepEqual(holds, { ...choices, points: { a: 4, b: 0 } });
});

test('a device that hides what it encrypted is found out', async () => {
  const audit = opened();
  const lie = structuredClone(audit);
  lie.openings[0].values[0] = encodeNumber(1n, election.key.width);
  assert.deepEqual((await check(lie, { election })).says, { audit: 'audit-fail' });
  const other = structuredClone(audit);
  other.openings = opened({ ...choices, one: ['a'] }).openings;
  assert.deepEqual((await check(other, { election })).says, { audit: 'audit-fail' });
  const unproven = structuredClone(audit);
  unproven.ballot.contests[0].proofs[0].z.reverse();
  assert.equal((await check(unproven, { election })).says.validity, 'validity-fail');
  const foreign = structuredClone(audit);
  foreign.ballot.election = encodeBytes(new Uint8Array(32));
  assert.deepEqual((await check(foreign, { election })).says, { audit: 'foreign' });
  const shorter = structuredClone(audit);
  shorter.ballot.contests.pop();
  assert.deepEqual((await check(shorter, { election })).says, { audit: 'audit-fail' });
});

test('an opened ballot that was noted, or cast all the same', async () => {
  const audit = opened();
  const { document } = readDocument(canonical(audit));
  const entry = (type) => ({ log: { found: [{ type, index: 9, body: { tracker: document.tracker } }] }, election });
  assert.equal((await check(audit, entry('audited'))).says.noted, 'noted-pass');
  assert.equal((await check(audit, entry('ballot'))).says.noted, 'noted-cast');
});

test('what any choice gives leads back to that choice', () => {
  const [one, some, score, points, strict, ties] = contests.map((contest) => [contest, compileContest(contest, election.key.slots)]);
  const there = ([contest, layout], choice) => choiceOf(contest, totals(layout, plan(contest, layout, choice)));
  const ids = ['a', 'b', 'c'];
  fc.assert(fc.property(fc.shuffledSubarray(ids, { minLength: 3 }), fc.subarray(ids, { maxLength: 2 }), fc.nat(3), fc.nat(5), (order, chosen, grade, given) => {
    assert.deepEqual(there(strict, order), order);
    assert.deepEqual(there(one, [order[0]]), [order[0]]);
    assert.deepEqual(there(some, chosen), chosen);
    assert.deepEqual(there(score, { a: grade, b: 3 - grade }), { a: grade, b: 3 - grade });
    assert.deepEqual(there(points, { a: given, b: 5 - given }), { a: given, b: 5 - given });
    assert.deepEqual(there(ties, [[order[0]], [order[1], order[2]].sort()]), [[order[0]], [order[1], order[2]].sort()]);
  }));
  assert.throws(() => choiceOf(some[0], [2n, 0n, 0n]), ProtocolError);
  assert.throws(() => choiceOf(strict[0], [1n, 0n, 1n]), ProtocolError, 'a circle is no order');
});
