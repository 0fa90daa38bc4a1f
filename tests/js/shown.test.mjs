/** How options are shown: the order's rules and the headed parts, judged by the vectors that Python is judged by. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { canonical } from '../../static/js/protocol/codec.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { parseHeaded, partsInUse } from '../../static/js/booth/questions/headed.js';
import { arrange, arranged, parseOrders } from '../../static/js/booth/questions/order.js';

import { hashOf, Media, sortMedia } from '../../static/js/booth/questions/pictures.js';

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

for (const { reason, media, picture, small, documents } of read('media')) {
  test(`media: ${reason}`, () => {
    const shown = sortMedia(Object.fromEntries(media.map((path) => [path, 'A'.repeat(43)])));
    assert.deepEqual({ ...shown, documents: shown.documents.map(({ path }) => path) }, { picture, small, documents });
  });
}

const bytes = new TextEncoder().encode('a picture');
const hash = await hashOf(bytes);

test('the hash is the same with WebCrypto and without', async () => {
  const found = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  try {
    assert.equal(await hashOf(bytes), hash);
  } finally {
    Object.defineProperty(globalThis, 'crypto', found);
  }
});

test('a file is fetched once, handed out only with its hash, and asked for again after a lost line', async () => {
  const answers = [new Error('no line'), bytes, new TextEncoder().encode('another')];
  const asked = [];
  const media = new Media(async (path) => {
    asked.push(path);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  await assert.rejects(media.load('a', hash), /no line/);
  assert.equal(await media.load('a', hash), bytes);
  assert.equal(await media.load('a', hash), bytes);
  await assert.rejects(media.load('b', hash), RangeError);
  await assert.rejects(media.load('b', hash), RangeError);
  assert.deepEqual(asked, ['a', 'a', 'b']);
});
