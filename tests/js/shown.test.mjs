/** How options are shown: the order's rules and the headed parts, judged by the vectors that Python is judged by. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { canonical } from '../../static/js/protocol/codec.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { parseHeaded, partsInUse } from '../../static/js/booth/questions/headed.js';
import { arrange, arranged, parseOrders } from '../../static/js/booth/questions/order.js';

const read = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`../media/vectors/${name}.json`, import.meta.url)), 'utf8'));
const orders = read('order');

for (const { reason, contest, options, abstain, order, seat, shown } of orders.arranged) {
  test(`order: ${reason}`, () => {
    const found = parseOrders(canonical({ version: 1, contests: order ? [order] : [] }), [contest]).get(contest);
    const places = arrange({ id: contest, abstain, options: options.map((id) => ({ id })) }, found, seat);
    assert.deepEqual(places.map((place) => options[place]), shown);
  });
}

for (const { reason, file } of orders.refused) {
  test(`order refused: ${reason}`, () => assert.throws(() => parseOrders(new TextEncoder().encode(file), ['mayor', 'council']), ProtocolError));
}

test('costs go with their options, and nothing else of the contest changes', () => {
  const option = (id) => ({ id, label: {}, party: {}, info: {}, media: {} });
  const contest = { id: 'c', kind: 'choose', title: {}, min: 0, max: 2, abstain: 'none', options: ['none', 'a', 'b', 'c'].map(option), rule: { name: 'budget', budget: 9, costs: [0, 1, 2, 3] } };
  const seat = { election: 'F', voter: 'v', style: 's' };
  const seen = arranged(contest, { id: 'c', name: 'rotated', by: 'voter' }, seat);
  const costs = Object.fromEntries(seen.options.map(({ id }, i) => [id, seen.rule.costs[i]]));
  assert.deepEqual(costs, { none: 0, a: 1, b: 2, c: 3 });
  assert.equal(seen.options.at(-1).id, 'none');
  assert.deepEqual({ ...seen, options: null, rule: null }, { ...contest, options: null, rule: null });
  assert.equal(contest.options[0].id, 'none');
});

for (const { reason, text, about, parts } of read('headed')) {
  test(`headed: ${reason}`, () => assert.deepEqual(parseHeaded(text), { about, parts }));
}

test('all options show the parts that any of them has, in any language', () => {
  const options = [{ info: {} }, { info: { en: '## Sources\nx', fa: 'y' } }, { info: { fa: 'z\n## Aims\nw\n## Background\n' } }];
  assert.deepEqual(partsInUse(options), ['Aims', 'Sources']);
});
