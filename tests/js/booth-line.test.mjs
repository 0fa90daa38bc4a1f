/** Time, a line that comes and goes, and what a tab keeps. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FILES } from '../../static/js/booth/ahead.js';
import { Api, Unreachable } from '../../static/js/booth/api.js';
import { Countdown, MARKS, ServerClock, nextTick, readStanding, spanOf } from '../../static/js/booth/clock.js';
import { isGenuine } from '../../static/js/booth/genuine.js';
import { Keep } from '../../static/js/booth/keep.js';
import { persist } from '../../static/js/booth/line.js';
import { contestsOf, readOpening } from '../../static/js/booth/session.js';
import { tidyCode } from '../../static/js/booth/screens/sign.js';
import { ProtocolError } from '../../static/js/protocol/errors.js';
import { canonical, encodeBytes } from '../../static/js/protocol/codec.js';
import { manifest, record, seal } from './fixtures.mjs';
import { answers, logOf } from './logs.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('what is left, as people say it', () => {
  const says = (ms) => spanOf(ms).map(([count, unit]) => `${count} ${unit}`).join(' ');
  assert.deepEqual([0, 1, 59_000, 59_001, MINUTE, 10 * MINUTE + 1, HOUR, 90 * MINUTE, 23 * HOUR + 5 * MINUTE, 47 * HOUR, 48 * HOUR].map(says),
    ['0 second', '1 second', '59 second', '1 minute', '1 minute', '10 minute', '1 hour', '1 hour 30 minute', '23 hour', '47 hour', '2 day']);
  fc.assert(fc.property(fc.integer({ min: 0, max: 400 * 24 * HOUR }), (left) => {
    assert.ok(spanOf(left).every(([count]) => Number.isInteger(count) && count >= 0));
    assert.ok(nextTick(left) >= 1000);
  }));
});

test('the server’s time counts, however wrong the device is', () => {
  for (const wrong of [-7 * HOUR, 0, 30 * 24 * HOUR]) {
    let device = Date.parse('2026-11-22T10:00:00Z') + wrong;
    const clock = new ServerClock(() => device);
    clock.hear('2026-11-22T10:00:00Z', device);
    device += 5 * MINUTE;
    assert.equal(new Date(clock.now()).toISOString(), '2026-11-22T10:05:00.000Z');
  }
});

test('an hour, ten minutes and a minute before the end are told once each, even if the device slept over one of them', () => {
  let now = Date.parse('2026-11-22T08:00:00Z');
  const told = [];
  let ends = 0;
  const countdown = new Countdown(new ServerClock(() => now));
  countdown.onmark = (left) => told.push(left / MINUTE);
  countdown.onend = () => { ends += 1; };
  countdown.start('2026-11-22T10:00:00Z');
  for (let minute = 1; minute <= 118; minute++) {
    now += MINUTE;
    countdown.look();
  }
  assert.deepEqual(told, [60, 10]);
  now += 90_000; // past the last mark
  countdown.look();
  assert.deepEqual(told, [60, 10, 0.5]);
  now += HOUR;
  countdown.look();
  countdown.look();
  assert.equal(ends, 1);
  countdown.start('2026-11-22T11:05:00Z');
  assert.deepEqual(told.length, 3, 'who comes late sees the time, but is not told of marks long past');
  countdown.stop();
  assert.equal(MARKS.length, 3);
});

test('a standing that makes no sense is none', () => {
  const good = { phase: 'open', opens_at: '2026-11-22T08:00:00Z', closes_at: '2026-11-23T08:00:00Z', now: '2026-11-22T09:00:00Z' };
  assert.deepEqual(readStanding(good), good);
  for (const bad of [null, {}, 7, { ...good, now: 'soon' }, { ...good, closes_at: undefined }, { ...good, phase: 1 }]) assert.equal(readStanding(bad), null);
});

test('a lost line is tried again with longer and longer pauses; any other error is not', async () => {
  const waits = [];
  let left = 7;
  const value = await persist(async () => {
    if ((left -= 1) > 0) throw new Unreachable('no line');
    return 'there';
  }, () => {}, async (ms) => { waits.push(ms); });
  assert.equal(value, 'there');
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 15000, 15000]);
  await assert.rejects(persist(async () => { throw new ProtocolError('record', 'no'); }, () => {}, async () => {}), ProtocolError);
});

/** A storage in memory with room for so many signs. */
function memory(room = Infinity) {
  const held = new Map();
  return { held, getItem: (key) => held.get(key) ?? null, removeItem: (key) => held.delete(key), setItem(key, value) {
    if (value.length > room) throw new Error('QuotaExceededError');
    held.set(key, value);
  } };
}
const T = encodeBytes(new Uint8Array(32).fill(7));
const cast = { election: T, voter: T, tracker: T, previous: '', signature: 'x' };
const ballot = { version: 1, contests: [{ cells: ['c'.repeat(900)] }] };

test('a tab keeps the ballot, or its name alone where there is no room, and nothing where it may not', () => {
  const kept = { cast, ballot, promise: null, receipt: null };
  const roomy = new Keep('id', () => memory());
  const store = memory();
  const keep = new Keep('id', () => store);
  assert.equal(keep.write(kept), true);
  assert.deepEqual(keep.read(), kept);
  keep.clear();
  assert.equal(keep.read(), null);
  assert.equal(roomy.read(), null);
  const small = memory(600);
  const tight = new Keep('id', () => small);
  assert.equal(tight.write(kept), true);
  assert.deepEqual(tight.read(), { ...kept, ballot: null });
  const none = new Keep('id', () => { throw new Error('SecurityError'); });
  assert.deepEqual([none.write(kept), none.read(), none.clear()], [false, null, undefined]);
  for (const rubbish of ['', '{', '7', 'null', '{}', '{"cast":{}}', JSON.stringify({ cast: { ...cast, tracker: 'short' } }), JSON.stringify({ cast: { ...cast, voter: 7 } })]) {
    store.setItem('evote-cast-id', rubbish);
    assert.equal(keep.read(), null, rubbish);
  }
});

test('the beginning of the log holds all that a first question needs', () => {
  const opening = readOpening(record.entries);
  assert.deepEqual(opening.manifestBytes, record.manifestBytes);
  assert.deepEqual(contestsOf(opening.manifest, 'two').map(({ id }) => id), ['one', 'some']);
  assert.throws(() => contestsOf(opening.manifest, 'toString'), ProtocolError);
  assert.throws(() => readOpening([record.entries[1]]), ProtocolError);
  assert.throws(() => readOpening([canonical({ index: 0, time: '2026-11-22T07:00:00Z', type: 'manifest', body: { ...manifest, version: 2 } })]), ProtocolError);
});

test('an answer that never comes, or is none, means that the line is gone', async () => {
  const places = { api: '/api/elections/x', record: '/elections/x/record/' };
  const api = (fetcher) => new Api(places, fetcher, 'en');
  const asked = [];
  const lines = await api(async (address, options) => {
    asked.push([address, options.signal instanceof AbortSignal]);
    return new Response('eins\n\nfünf\nno newline');
  }).opening();
  assert.deepEqual(lines.map((line) => new TextDecoder().decode(line)), ['eins', '', 'fünf']);
  assert.deepEqual(asked, [['/api/elections/x/log/beginning', true]]);
  for (const fetcher of [async () => { throw new TypeError('failed'); }, async () => new Response('<html>', { status: 200 }), async () => new Response('{}', { status: 500 })]) {
    await assert.rejects(api(fetcher).standing(), Unreachable);
    await assert.rejects(api(fetcher).withdrawn(), Unreachable);
  }
  await assert.rejects(api(async () => new Response('', { status: 404 })).key(), Unreachable);
  assert.deepEqual(await api(async () => new Response('{"replaced":["a"],"struck":[]}')).withdrawn(), { replaced: ['a'], struck: [] });
  assert.equal(await api(async () => new Response('{}', { status: 401 })).me(), null);
});

test('a code may be typed with any digits, spaces and hyphens', () => assert.equal(tidyCode(' 8n1fp\u201071\u200fdmcm \u06f7cew2 '), '8n1fp-71dmcm7cew2'));

test('what comes while the voter reads is all that is needed later, and nothing that is there already', () => {
  const folder = fileURLToPath(new URL('../../static/js/booth', import.meta.url));
  const closure = (...files) => {
    const seen = new Set();
    for (const todo = files.map((file) => join(folder, file)); todo.length > 0;) {
      const file = todo.pop();
      if (seen.has(file)) continue;
      seen.add(file);
      for (const [, to] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s[^;]*?from '([^']+)';/gm)) todo.push(join(dirname(file), to));
    }
    return seen;
  };
  const first = closure('main.js');
  const later = [...closure('later.js', 'worker.js')].filter((file) => !first.has(file));
  assert.deepEqual(new Set(FILES), new Set(later.map((file) => relative(folder, file)).map((file) => (file.startsWith('.') ? file : `./${file}`))));
  assert.ok(first.size > 20 && FILES.length > 20);
});

test('a kept promise or receipt is shown only if the board has signed it', () => {
  const sealed = seal({ style: 'two' });
  const { castDocument, promise, receipt } = answers(logOf(sealed, 9));
  const board_ = { origin: manifest.log_origin, boardKey: manifest.board_key };
  const kept = { cast: castDocument, ballot: null, promise: null, receipt: null };
  for (const good of [kept, { ...kept, promise }, { ...kept, receipt }]) assert.equal(isGenuine(good, board_), true);
  for (const bad of [{ ...kept, promise: receipt }, { ...kept, receipt: { ...receipt, index: 5 } }, { ...kept, receipt: {} }, { ...kept, cast: { ...castDocument, voter: castDocument.tracker }, receipt }]) {
    assert.equal(isGenuine(bad, board_), false);
  }
});
