import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAudit, openBallot, parseBallot, prepareContest, sealBallot, trackerOf, verifyBallot } from '../../static/js/protocol/ballot.js';
import { powersOf } from '../../static/js/protocol/contests.js';
import { encodeNumber } from '../../static/js/protocol/codec.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { randomBits } from '../../static/js/protocol/random.js';
import { checkKey } from './ceremony.mjs';
import { choices, election, powers, record, seal, styles } from './fixtures.mjs';

const { key } = election;
const sealed = seal();

test('a ballot of every kind of contest is accepted', () => verifyBallot(sealed.ballot, key, styles.all));

test('the certificate of the small key holds', () => assert.ok(checkKey(record.key, key.bits)));

test('preparing takes as many steps as the layout has powers', () => {
  for (const { layout } of styles.all) {
    const steps = prepareContest(powers, layout, randomBits);
    let count = 0;
    while (!steps.next().done) count += 1;
    assert.equal(count, powersOf(layout));
  }
});

test('any choice that is allowed makes a ballot that is accepted', () => {
  const some = fc.subarray(['a', 'b', 'c'], { maxLength: 2 });
  fc.assert(fc.property(fc.constantFrom('a', 'b', 'c', 'none'), some, (one, two) => {
    verifyBallot(seal({ style: 'two', wanted: { one: [one], some: two } }).ballot, key, styles.two);
  }), { numRuns: 6 });
});

test('a choice that is not allowed makes none', () => {
  assert.throws(() => seal({ style: 'two', wanted: { ...choices, some: ['a', 'b', 'c'] } }), { check: 'contest' });
  const { layout } = styles.two[0];
  const steps = prepareContest(powers, layout, randomBits);
  let step = steps.next();
  while (!step.done) step = steps.next();
  for (const plaintext of [0n, 2n, 3n, 1n << 160n, -1n]) {
    const contest = { id: 'one', layout, plaintexts: [plaintext], prepared: step.value };
    assert.throws(() => sealBallot(powers, { election: 'x', voter: 'x', previous: '' }, [contest]), { check: 'contest' });
  }
});

test('two ballots of one choice have nothing in common', () => {
  const other = seal();
  const numbers = (ballot) => ballot.contests.flatMap(({ cells, proofs }) => [...cells, ...proofs.flatMap(({ a, z }) => [...a, ...z])]);
  const mine = new Set(numbers(sealed.ballot));
  assert.equal(mine.size, numbers(sealed.ballot).length);
  assert.ok(numbers(other.ballot).every((number) => !mine.has(number)));
});

test('any changed sign is refused, and changes the tracker', () => {
  const { ballot } = seal({ style: 'two' });
  const text = JSON.stringify(ballot);
  fc.assert(fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0aAzZ_-9"{,'), (at, sign) => {
    fc.pre(text[at] !== sign);
    let changed;
    try {
      changed = JSON.parse(text.slice(0, at) + sign + text.slice(at + 1));
    } catch {
      return;
    }
    fc.pre(JSON.stringify(changed) !== text);
    assert.throws(() => verifyBallot(changed, key, styles.two), (error) => error instanceof ProtocolError);
  }), { numRuns: 60 });
});

test('hostile shapes are refused with an error of our own', () => {
  fc.assert(fc.property(fc.anything(), (value) => {
    assert.throws(() => parseBallot(value, key, styles.two), (error) => error instanceof ProtocolError);
    assert.throws(() => parseBallot({ ...sealed.ballot, contests: value }, key, styles.two), (error) => error instanceof ProtocolError);
    const contests = structuredClone(seal2.ballot.contests);
    contests[0].cells[0] = value;
    assert.throws(() => verifyBallot({ ...seal2.ballot, contests }, key, styles.two), (error) => error instanceof ProtocolError);
  }), { numRuns: 60 });
});
const seal2 = seal({ style: 'two' });

test('an audit file opens exactly what was sealed', () => {
  const open = () => openBallot(powers, seal2.ballot, seal2.prepared.map(({ id, plaintexts }, i) => ({ id, values: plaintexts, rho: seal2.randomness[i] })));
  const { tracker, totals } = checkAudit(open(), key, styles.two);
  assert.equal(tracker, trackerOf(seal2.ballot));
  assert.deepEqual(totals, [[0n, 1n, 0n, 0n], [1n, 0n, 1n]]);
  const refuses = (change) => {
    const audit = structuredClone(open());
    change(audit);
    assert.throws(() => checkAudit(audit, key, styles.two), (error) => error instanceof ProtocolError);
  };
  refuses((audit) => { audit.openings[0].values[0] = encodeNumber(1n, key.width); });
  refuses((audit) => { audit.openings[0].randomness[0] = encodeNumber(1n, key.width); });
  refuses((audit) => { audit.openings[0].randomness[0] = encodeNumber(0n, key.width); });
  refuses((audit) => { audit.openings.reverse(); });
  refuses((audit) => { audit.openings.pop(); });
  refuses((audit) => { audit.signature = 'x'; });
  refuses((audit) => { audit.ballot.previous = audit.ballot.voter; });
});
