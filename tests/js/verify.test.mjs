import { readFileSync } from 'node:fs';
import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonical, encodeBytes } from '../../static/js/protocol/codec.js';
import { shortTracker } from '../../static/js/protocol/credentials.js';
import { leafHash } from '../../static/js/protocol/merkle.js';
import { Checks } from '../../static/js/verify/checks.js';
import { headline } from '../../static/js/verify/headline.js';
import { readDocument, readTracker } from '../../static/js/verify/documents.js';
import { NOTHING } from '../../static/js/verify/entries.js';
import { ProvenLog } from '../../static/js/verify/provenlog.js';
import { PublicRecord, Unreachable } from '../../static/js/verify/record.js';
import { Seen } from '../../static/js/verify/seen.js';
import { Frontier } from '../../static/js/verify/wholelog.js';
import { board, election, manifest, registrar } from './fixtures.mjs';
import { checkpoint, rootOf } from './logs.mjs';
import { castInto, finishLog, places, receiptOf, serve, startLog } from './published.mjs';

/** A storage in memory. */
function memory() {
  const held = new Map();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => held.set(key, value), removeItem: (key) => held.delete(key), held };
}

/** Run all checks; returns {check: key of its sentence}, with the states and the headline apart. */
async function run({ fetcher }, question = {}, storage = memory(), mostRead = undefined) {
  const says = {};
  const states = {};
  const report = { begin() {}, progress() {}, end(id, { say, state }) { says[id] = says[id] && say.endsWith('pass') ? says[id] : say; states[id] = state; } };
  const result = await new Checks(new PublicRecord(places, fetcher), new Seen(() => storage), report, mostRead)
    .run({ brought: null, tracker: null, whole: false, ...question });
  return { good: result.tone === 'good', headline: result.say, says, states };
}
const brought = (value) => ({ brought: readDocument(canonical(value)) });
const signed = (tag, fields) => ({ ...fields, signature: board.sign(tag, fields) });

const log = startLog();
const first = castInto(log, 'two');
const other = castInto(log, 'all');
const open = [...log.lines];
const tally = finishLog(log, [first.tracker, other.tracker]);
const closed = log.lines;

test('the tree that grows has the root of every size', () => {
  const leaves = Array.from({ length: 70 }, (_, i) => leafHash(new Uint8Array([i])));
  const frontier = new Frontier();
  leaves.forEach((leaf, i) => {
    frontier.append(leaf);
    assert.deepEqual(frontier.root(), rootOf(leaves.slice(0, i + 1)));
  });
});

test('a receipt and a finished election pass every check', async () => {
  const { good, says } = await run(serve(closed, tally), brought(receiptOf(closed, 4, 6)));
  assert.deepEqual(says, {
    checkpoint: 'checkpoint-pass', log: 'log-pass', since: 'since-first', election: 'election-test', receipt: 'receipt-pass', inclusion: 'inclusion-pass',
    entry: 'entry-pass', counts: 'counts-closed', close: 'close-pass', tally: 'tally-pass', certificates: 'certificates-pass', outcome: 'outcome-pass',
  });
  assert.equal(good, true);
});

test('with the whole log the server never learns which ballot is looked for', async () => {
  const served = serve(open);
  await run(served, brought(receiptOf(open, 4)));
  for (const address of served.asked) assert.ok(!/[?]/.test(address) && !address.includes(first.tracker), address);
});

test('an election without a ballot, and a tracker in either form', async () => {
  assert.equal((await run(serve(open))).good, true);
  for (const typed of [first.tracker, shortTracker(first.tracker), ` ${shortTracker(first.tracker).toLowerCase().slice(0, 14)}`]) {
    const { says } = await run(serve(open), { tracker: readTracker(typed) });
    assert.deepEqual([says.find, says.counts, says.tally], ['find-pass', 'counts-open', 'tally-open']);
  }
  const { says, good } = await run(serve(open), { tracker: readTracker('00000-00000') });
  assert.deepEqual([says.find, says.counts, good], ['find-none', undefined, false]);
});

test('superseded, replaced, struck and annulled ballots do not count', async () => {
  const more = { lines: [...open], add: null };
  more.add = (type, body) => more.lines.push(canonical({ index: more.lines.length, time: '2026-11-22T09:00:00Z', type, body })) - 1;
  castInto(more, 'two', first.tracker);
  const ask = async (lines) => {
    const { says, headline } = await run(serve(lines), brought(receiptOf(lines, 4)));
    assert.notEqual(headline, 'summary-pass');
    return says.counts;
  };
  assert.equal(await ask(more.lines), 'counts-superseded');
  const sign = (type, fields) => ({ ...fields, signature: registrar.sign(type, { election: election.fingerprint, ...fields }) });
  const with_ = (type, body) => [...open, canonical({ index: open.length, time: '2026-11-22T09:00:00Z', type, body })];
  assert.equal(await ask(with_('strike', sign('strike', { voter: first.voter }))), 'counts-struck');
  assert.equal(await ask(with_('replace', sign('replace', { old: first.voter, new: board.public }))), 'counts-replaced');
  assert.equal(await ask(with_('annul', { reason: '', signature: '' })), 'counts-annulled');
});

test('promises and refusals', async () => {
  const time = '2026-11-22T09:00:00Z';
  const promise = (tracker) => brought(signed('promise', { election: election.fingerprint, tracker, time }));
  const missing = encodeBytes(new Uint8Array(32).fill(9));
  assert.equal((await run(serve(open), promise(first.tracker))).says.counts, 'counts-open');
  assert.equal((await run(serve(open), promise(missing))).says.entry, 'promise-waits');
  const broken = await run(serve(closed, tally), promise(missing));
  assert.deepEqual([broken.says.entry, broken.good], ['promise-broken', false]);
  const refusal = (tracker) => brought(signed('refusal', { election: election.fingerprint, tracker, reason: 'A proof fails.', time }));
  assert.equal((await run(serve(open), refusal(missing))).says.refused, 'refused-not-on-log');
  assert.equal((await run(serve(open), refusal(first.tracker))).says.refused, 'refused-on-log');
});

test('the headline says no more than the checks have shown', async () => {
  const time = '2026-11-22T09:00:00Z';
  const ask = async (lines, question) => (await run(serve(lines, lines === closed ? tally : null), question)).headline;
  const typed = (tracker) => ({ tracker: readTracker(tracker) });
  assert.equal(await ask(open), 'summary-pass-election');
  assert.equal(await ask(open, typed(first.tracker)), 'summary-pass-tracker');
  assert.equal(await ask(closed, brought(receiptOf(closed, 4))), 'summary-pass');
  assert.equal(await ask(open, typed('00000-00000')), 'summary-fail');
  const audited = encodeBytes(new Uint8Array(32).fill(7));
  const noted = [...open, canonical({ index: open.length, time, type: 'audited', body: { tracker: audited } })];
  assert.equal(await ask(noted, typed(audited)), 'summary-look');
  const again = { lines: [...open] };
  again.add = (type, body) => again.lines.push(canonical({ index: again.lines.length, time, type, body })) - 1;
  castInto(again, 'two', first.tracker);
  assert.equal(await ask(again.lines, brought(receiptOf(again.lines, 4))), 'summary-look');
  assert.equal(await ask(open, brought(signed('promise', { election: election.fingerprint, tracker: audited, time }))), 'summary-look');
  assert.equal(await ask(open, brought(signed('refusal', { election: election.fingerprint, tracker: audited, reason: 'No.', time }))), 'summary-look');
  assert.equal(await ask(open, brought({ ...receiptOf(open, 4), election: audited })), 'summary-foreign');
  const early = startLog().lines.slice(0, 3);
  assert.equal(await ask(early), 'summary-pass-election');
  assert.equal(await ask(early, typed(first.tracker)), 'summary-stopped');
  assert.equal(await ask(early, brought(receiptOf(open, 4))), 'summary-stopped');
});

test('a headline blames the device only for what the device did', () => {
  const audit = { brought: { kind: 'audit' }, tracker: null, whole: false };
  const said = (...findings) => headline(audit, findings.map(([id, state, say = '']) => ({ id, finding: { state, say } })));
  assert.deepEqual(said(['log', 'pass'], ['audit', 'pass'], ['noted', 'note']), { say: 'summary-pass-audit', tone: 'good' });
  for (const id of ['audit', 'holds', 'validity', 'noted']) assert.deepEqual(said(['log', 'pass'], [id, 'fail']), { say: 'summary-fail-audit', tone: 'bad' });
  for (const id of ['checkpoint', 'log', 'since', 'election']) assert.deepEqual(said([id, 'fail']), { say: 'summary-fail', tone: 'bad' });
  assert.deepEqual(said(['log', 'pass'], ['audit', 'stopped', 'foreign']), { say: 'summary-foreign', tone: 'wait' });
  assert.deepEqual(said(['log', 'stopped', 'unreachable']), { say: 'summary-stopped', tone: 'wait' });
});

test('foreign, changed and contradicted receipts fail', async () => {
  const receipt = receiptOf(open, 4);
  const ask = async (value, lines = open) => run(serve(lines), brought(value));
  assert.equal((await ask({ ...receipt, election: first.tracker })).says.receipt, 'foreign');
  assert.equal((await ask({ ...receipt, index: 5 })).says.receipt, 'receipt-fail');
  const { signature: _, ...fields } = receipt;
  assert.equal((await ask(signed('receipt', { ...fields, inclusion_proof: [] }))).says.inclusion, 'inclusion-fail');
  assert.equal((await ask(signed('receipt', { ...fields, index: 5 }))).says.entry, 'entry-fail');
  const without = startLog();
  castInto(without, 'all');
  castInto(without, 'two');
  const rewritten = await ask(receipt, without.lines);
  assert.deepEqual([rewritten.says.inclusion, rewritten.says.entry], ['inclusion-fail', 'entry-fail']);
});

test('the log is compared with what this browser saw; only checkpoints are kept', async () => {
  const storage = memory();
  await run(serve(open), brought(receiptOf(open, 4)), storage);
  assert.deepEqual(JSON.parse(storage.held.get('evote-checkpoints')), { [manifest.log_origin]: serve(open).files.checkpoint });
  assert.equal((await run(serve(closed, tally), {}, storage)).says.since, 'since-pass');
  assert.equal((await run(serve(open), {}, storage)).says.since, 'since-shorter');
  const rewritten = [...closed, canonical({ index: closed.length, time: '2026-11-22T09:00:00Z', type: 'intent', body: {} })];
  storage.setItem('evote-checkpoints', JSON.stringify({ [manifest.log_origin]: checkpoint(6, leafHash(new Uint8Array([1]))) }));
  assert.equal((await run(serve(rewritten), {}, storage)).says.since, 'since-fail');
  assert.equal(JSON.parse(storage.held.get('evote-checkpoints'))[manifest.log_origin], checkpoint(6, leafHash(new Uint8Array([1]))), 'the evidence stays');
  for (const rubbish of ['', '{', '[]', '7', 'null', '{"example.org/small":7}', '{"example.org/small":"x"}']) {
    storage.setItem('evote-checkpoints', rubbish);
    assert.equal((await run(serve(open), {}, storage)).says.since, 'since-first');
  }
  const forbidden = () => { throw new Error('denied'); };
  assert.equal((await run(serve(open), {}, { getItem: forbidden, setItem: forbidden, removeItem: forbidden })).says.since, 'since-nothing');
});

test('a record that does not fit together is refused at the right place', async () => {
  const lines = (all) => all.map((line) => `${new TextDecoder().decode(line)}\n`).join('');
  const ask = async (change, served = closed) => (await run(serve(served, tally, change))).says;
  assert.equal((await ask({ checkpoint: checkpoint(8, leafHash(new Uint8Array())) })).log, 'log-fail');
  assert.equal((await ask({ checkpoint: 'x\n\ny\n' })).checkpoint, 'checkpoint-fail');
  assert.equal((await ask({ 'log/00000.jsonl': lines(closed.slice(0, 5)) })).log, 'log-fail');
  assert.equal((await ask({ 'log/00000.jsonl': lines([...closed.slice(0, 5), closed[4], ...closed.slice(6)]) })).log, 'log-fail');
  assert.equal((await ask({ 'log/00000.jsonl': lines(closed).slice(0, -1) })).log, 'unreachable');
  assert.equal((await ask({ 'key.json': new Uint8Array([123, 125]) })).election, 'election-fail');
  assert.equal((await ask({ 'tally.json': new Uint8Array([123, 125]) })).tally, 'tally-fail');
  const early = startLog().lines.slice(0, 3);
  assert.equal((await run(serve(early))).says.election, 'election-early');
});

test('a result that does not follow is refused', async () => {
  const ask = async (change) => {
    const spoiled = startLog();
    const trackers = [castInto(spoiled, 'two').tracker, castInto(spoiled, 'all').tracker];
    const bytes = finishLog(spoiled, trackers, change);
    return (await run(serve(spoiled.lines, bytes))).says;
  };
  const contest = (i, change) => (all) => ({ ...all, contests: all.contests.map((one, j) => (i === j ? change(one) : one)) });
  assert.equal((await ask(contest(1, (one) => ({ ...one, totals: [2, 1, 2] })))).certificates, 'certificates-fail');
  assert.equal((await ask(contest(0, (one) => ({ ...one, certificates: [{ ...one.certificates[0], m: one.certificates[0].r }] })))).certificates, 'certificates-fail');
  assert.equal((await ask(contest(4, (one) => ({ ...one, outcome: { elected: ['b'], tied: [] } })))).outcome, 'outcome-fail');
  assert.equal((await ask((all) => ({ ...all, counted: all.root }))).tally, 'tally-fail');
  assert.equal((await ask((all) => ({ ...all, root: all.counted }))).tally, 'tally-fail');
  const withheld = contest(2, (one) => ({ ...one, ciphertexts: [], certificates: [], totals: [], outcome: { elected: [], tied: [] } }));
  assert.equal((await ask(withheld)).certificates, 'certificates-withheld');
  const wrong = startLog();
  const bytes = finishLog(wrong, [castInto(wrong, 'two').voter]);
  assert.equal((await run(serve(wrong.lines, bytes))).says.close, 'close-fail');
});

test('a long log is not read; every entry that the server names is proved', async () => {
  const head = (lines) => ({ size: lines.length, root: rootOf(lines.map(leafHash)) });
  const look = async (change = (address, response) => response) => {
    const { fetcher } = serve(closed, tally);
    const proven = new ProvenLog(head(closed), new PublicRecord(places, async (address) => change(address, await fetcher(address))));
    await proven.look({ ...NOTHING, tracker: first.tracker });
    return proven;
  };
  const proven = await look();
  assert.deepEqual([proven.found.length, proven.firstFour.length, proven.notices('close').length], [1, 4, 1]);
  for (const size of [1, 4, 5, closed.length]) await proven.continues(head(closed.slice(0, size)));
  await assert.rejects(proven.continues({ size: 5, root: leafHash(new Uint8Array()) }), { check: 'log' });
  await assert.rejects(proven.continues(head([...closed, closed[0]])), { check: 'log' });
  await assert.rejects(look(async (address, response) => {
    const body = await response.json();
    body.entries?.forEach((one) => { one.entry = one.entry.replace('09:00:00', '09:00:01'); });
    return Response.json(body);
  }), { check: 'log' });
});

test('of a long log, receipt, tracker, count and visits are checked by proofs', async () => {
  const storage = memory();
  const twice = startLog();
  const old = castInto(twice, 'two');
  const newer = castInto(twice, 'two', old.tracker);
  const ask = async (lines, question) => (await run(serve(lines, lines === closed ? tally : null), question, storage, 3)).says;
  const receipt = await ask(twice.lines, brought(receiptOf(twice.lines, 4)));
  assert.deepEqual([receipt.log, receipt.since, receipt.entry, receipt.counts], ['log-part', 'since-first', 'entry-pass', 'counts-superseded']);
  for (const text of [newer.tracker, shortTracker(newer.tracker)]) assert.equal((await ask(twice.lines, { tracker: readTracker(text) })).counts, 'counts-open-part');
  assert.equal((await ask(twice.lines, { tracker: readTracker(old.tracker) })).counts, 'counts-superseded');
  assert.equal((await ask(twice.lines, { tracker: readTracker('0000000000') })).find, 'find-none-part');
  storage.removeItem('evote-checkpoints');
  await ask(open, {});
  const finished = await ask(closed, brought(receiptOf(closed, 4, 6)));
  assert.deepEqual([finished.since, finished.inclusion, finished.counts, finished.close, finished.tally, finished.outcome],
    ['since-pass', 'inclusion-pass', 'counts-closed-part', 'close-part', 'tally-pass', 'outcome-pass']);
  assert.equal((await ask(closed, { whole: true })).log, 'log-pass');
});

test('the worked example, made by Python, passes', async () => {
  const folder = new URL('../../docs/example/', import.meta.url);
  const read = (name) => { try { return readFileSync(new URL(name, folder)); } catch { return null; } };
  const fetcher = async (address) => {
    const bytes = read(`record/${address.slice(places.record.length)}`);
    return bytes === null ? new Response('', { status: 404 }) : new Response(bytes);
  };
  const { good, says } = await run({ fetcher }, { brought: readDocument(read('receipt.json')) });
  assert.deepEqual([good, says.receipt, says.inclusion, says.entry, says.close, says.certificates, says.outcome],
    [true, 'receipt-pass', 'inclusion-pass', 'entry-pass', 'close-pass', 'certificates-withheld', 'outcome-withheld']);
  for (const kind of ['promise', 'refusal']) assert.equal((await run({ fetcher }, { brought: readDocument(read(`${kind}.json`)) })).says[kind], `${kind}-pass`);
  const audited = await run({ fetcher }, { brought: readDocument(read('audit.json')) });
  assert.deepEqual([audited.good, audited.says.audit, audited.says.holds, audited.says.validity, audited.says.tally], [true, 'audit-pass', 'holds-this', 'validity-pass', undefined]);
});

test('the server that cannot be reached is no failure of the election', async () => {
  const offline = async () => { throw new TypeError('offline'); };
  assert.deepEqual((await run({ fetcher: offline })).states, { checkpoint: 'stopped' });
  const { fetcher } = serve(open);
  const { states } = await run({ fetcher: async (address) => (address.endsWith('key.json') ? new Response('', { status: 503 }) : fetcher(address)) });
  assert.equal(states.election, 'stopped');
  assert.equal((await run({ fetcher: offline })).headline, 'summary-stopped');
  await assert.rejects(new PublicRecord(places, async () => new Response('', { status: 404 })).need('key.json'), Unreachable);
});

test('files and trackers that are something else are named', () => {
  const of = (text) => { try { return readDocument(new TextEncoder().encode(text)).kind; } catch (error) { return error.say; } };
  const receipt = new TextDecoder().decode(canonical(receiptOf(open, 4)));
  assert.equal(of(receipt), 'receipt');
  assert.equal(of(`\ufeff${receipt}\r\n`), 'receipt');
  assert.equal(of(''), 'file-empty');
  assert.equal(of(receipt.slice(0, -40)), 'file-truncated');
  assert.equal(of(receipt.replace('"index":4', '"index":4,"index":4')), 'file-broken');
  assert.equal(of('{"ballot":{},"openings":[]}'), 'file-broken');
  for (const text of ['x', '[]', '{}', 'null', `{"a":"${'x'.repeat(100_000)}"}`]) assert.equal(of(text), 'file-other');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assert.throws(() => readDocument(bytes), { name: 'Error', say: /^file-/ });
  }));
  const typed = (text) => { try { return readTracker(text).code; } catch (error) { return error.say; } };
  assert.equal(typed('abcd۱-o1iL2'), 'ABCD101112');
  assert.equal(typed('ABC'), 'tracker-short');
  assert.equal(typed('ABCDU-ABCDE'), 'tracker-wrong');
  assert.equal(typed('A'.repeat(26)), 'tracker-wrong');
});
