import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bitWeights, compileContest, powersOf, slotsOf } from '../../static/js/protocol/contests.js';
import { plan, totals } from '../../static/js/protocol/plans.js';
import { parseContest } from '../../static/js/protocol/manifest.js';

const options = (k) => Array.from({ length: k }, (_, i) => ({ id: `o${i}`, label: { en: 'x' }, party: {}, info: {}, media: {} }));
const make = (kind, k, more) => parseContest({
  id: 'c', kind, title: { en: 'x' }, options: options(k), abstain: '', rule: { name: kind === 'rank' ? 'schulze' : 'plurality', seats: 1 }, ...more,
});
const refusesChoice = (act) => assert.throws(act, { name: 'ProtocolError', check: 'contest' });
const ids = (k) => options(k).map(({ id }) => id);

test('slots of the page', () => assert.equal(slotsOf(3072), 91));

test('the figures of the page: 1 of 5 takes six powers', () => assert.equal(powersOf(compileContest(make('choose', 5, { min: 1, max: 1 }), 91)), 6));

test('choose: every allowed set has a plan, every other is refused', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(7), fc.nat(7), fc.nat(), fc.integer({ min: 1, max: 8 }), (k, a, b, mask, slots) => {
    const [min, max] = [Math.min(a, b) % (k + 1), Math.max(a, b) % (k + 1)].sort((x, y) => x - y);
    const contest = make('choose', k, { min, max });
    const layout = compileContest(contest, slots);
    assert.equal(layout.packed, min === 1 && max === 1 && k <= slots);
    const chosen = ids(k).filter((_, i) => (mask >> i) & 1);
    if (chosen.length < min || chosen.length > max) refusesChoice(() => plan(contest, layout, chosen));
    else assert.deepEqual(totals(layout, plan(contest, layout, chosen)), ids(k).map((id) => BigInt(chosen.includes(id))));
  }));
});

test('points: bits make every number and no other; the remainder takes what is left', () => {
  for (let points = 1; points <= 40; points++) assert.equal(bitWeights(points).reduce((a, b) => a + b), BigInt(points));
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.array(fc.nat(400), { minLength: 1, maxLength: 4 }), (points, given) => {
    const contest = make('points', given.length, { points });
    const layout = compileContest(contest, 91);
    const choice = Object.fromEntries(given.map((value, i) => [`o${i}`, value]));
    if (given.reduce((a, b) => a + b) > points) refusesChoice(() => plan(contest, layout, choice));
    else assert.deepEqual(totals(layout, plan(contest, layout, choice)), given.map(BigInt));
  }));
});

test('score: from 0 to the top', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }), (top, given) => {
    const contest = make('score', given.length, { top });
    const layout = compileContest(contest, 91);
    const choice = Object.fromEntries(given.map((value, i) => [`o${i}`, value]));
    if (given.some((value) => value > top)) refusesChoice(() => plan(contest, layout, choice));
    else assert.deepEqual(totals(layout, plan(contest, layout, choice)), given.map(BigInt));
  }));
});

test('rank: every order and every order with ties has a plan; a circle has none', () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), fc.boolean(), fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }), (k, ties, place) => {
    const contest = make('rank', k, { ties });
    const layout = compileContest(contest, 91);
    const tiers = [0, 1, 2, 3].map((at) => ids(k).filter((_, i) => place[i] === at)).filter((tier) => tier.length > 0); // place 4: unranked
    const level = (i, j) => place[i] === place[j];
    const strict = ids(k).every((_, i) => ids(k).every((__, j) => i === j || !level(i, j)));
    if (!ties && !strict) {
      refusesChoice(() => plan(contest, layout, tiers));
      return;
    }
    const found = plan(contest, layout, tiers);
    const expected = [];
    for (let a = 0; a < k; a++) for (let b = ties ? 0 : a + 1; b < k; b++) if (a !== b) expected.push(BigInt(place[a] < place[b]));
    assert.deepEqual(found, expected);
  }));
  const layout = compileContest(make('rank', 3, { ties: false }), 91);
  const circle = [1n, 0n, 1n]; // a above b, c above a, b above c
  assert.ok(!layout.statements.every((one) => one.values.includes(one.terms.reduce((sum, { cell, weight }) => sum + weight * circle[cell], 0n))));
});

test('foreign choices are refused', () => {
  const one = make('choose', 3, { min: 1, max: 1 });
  const layout = compileContest(one, 91);
  for (const choice of [['x'], ['o0', 'o0'], {}, 'o0', null]) refusesChoice(() => plan(one, layout, choice));
  const score = make('score', 2, { top: 3 });
  for (const choice of [{ o0: 1.5 }, { o0: -1 }, { x: 1 }, ['o0'], { o0: '1' }]) refusesChoice(() => plan(score, compileContest(score, 91), choice));
  const rank = make('rank', 3, { ties: true });
  for (const choice of [[['o0'], ['o0']], ['x'], {}]) refusesChoice(() => plan(rank, compileContest(rank, 91), choice));
});

test('a contest that would hang the browser is refused at once', () => {
  for (const contest of [make('score', 2, { top: 2 ** 40 }), make('rank', 60, { ties: true }), make('points', 1000, { points: 2 ** 52 }), make('choose', 40000, { min: 0, max: 1 })]) {
    refusesChoice(() => compileContest(contest, 91));
  }
});

test('the number of branches is reckoned rightly before compiling', () => {
  for (let k = 2; k < 7; k++) {
    assert.equal(powersOf(compileContest(make('rank', k, { ties: true }), 91)) - k * (k - 1), 2 * ((3 * k * (k - 1)) / 2 + k * (k - 1) * (k - 2)));
    assert.equal(powersOf(compileContest(make('rank', k, { ties: false }), 91)) - (k * (k - 1)) / 2, 2 * ((k * (k - 1)) / 2 + (k * (k - 1) * (k - 2)) / 6));
  }
});
