import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Unreachable } from '../../static/js/booth/api.js';
import { Caster } from '../../static/js/booth/caster.js';
import { SealerClient } from '../../static/js/booth/client.js';
import { Sealer } from '../../static/js/booth/sealer.js';
import { add, join, move, placeOf, remove } from '../../static/js/booth/questions/tiers.js';
import { asciiDigits, Words } from '../../static/js/booth/words.js';
import { checkAudit, verifyBallot } from '../../static/js/protocol/ballot.js';
import { board, choices, contests, election, manifest, record, seal, styles } from './fixtures.mjs';
import { answers, logOf } from './logs.mjs';

const identity = { origin: manifest.log_origin, boardKey: board.public };
const sealed = seal({ style: 'two' });
const given = answers(logOf(sealed, 9));
const answer = (status, body, retryAfter = 0) => ({ status, body, retryAfter });

/** A caster whose server gives these answers one after the other; a function may throw. */
function cast(script, { waits = [], stages = [] } = {}) {
  const calls = [];
  const api = {
    async call(method) {
      calls.push(method);
      const next = script.shift();
      if (typeof next === 'function') return next();
      assert.ok(next, 'the booth asked more often than expected');
      return next;
    },
  };
  const caster = new Caster(api, { ballot: sealed.ballot, signature: sealed.signature }, given.castDocument, identity, async (ms) => { waits.push(ms); });
  return { calls, waits, stages, run: () => caster.run((stage) => stages.push(stage.state)) };
}
const unreachable = () => { throw new Unreachable('no network'); };

test('a promise, then the receipt', async () => {
  const one = cast([answer(202, given.promise), answer(202, given.promise), answer(201, given.receipt)]);
  assert.equal((await one.run()).state, 'cast');
  assert.deepEqual(one.calls, ['PUT', 'GET', 'GET']);
  assert.deepEqual(one.stages, ['sending', 'promised', 'promised']);
});

test('a receipt at once', async () => assert.equal((await cast([answer(201, given.receipt)]).run()).state, 'cast'));

test('a server that fails is asked again, with longer and longer pauses', async () => {
  const one = cast([unreachable, answer(503, null), answer(429, null, 9), answer(202, given.promise), unreachable, answer(201, given.receipt)]);
  assert.equal((await one.run()).state, 'cast');
  assert.deepEqual(one.calls, ['PUT', 'PUT', 'PUT', 'PUT', 'GET', 'GET']);
  assert.deepEqual(one.waits, [1000, 2000, 9000, 500, 1000]);
});

test('after too many failures the person decides; the same ballot is sent again', async () => {
  const one = cast([...Array(8).fill(unreachable), answer(201, given.receipt)]);
  assert.deepEqual(await one.run(), { state: 'stuck', promise: null });
  assert.equal((await one.run()).state, 'cast');
  assert.ok(one.calls.every((method) => method === 'PUT'));
});

test('with a promise in hand it is asked for, not sent again', async () => {
  const one = cast([answer(202, given.promise), ...Array(8).fill(unreachable), answer(201, given.receipt)]);
  assert.equal((await one.run()).promise.tracker, sealed.tracker);
  assert.equal((await one.run()).state, 'cast');
  assert.deepEqual(one.calls.slice(-1), ['GET']);
});

test('a signed refusal, an error, an ended login', async () => {
  assert.equal((await cast([answer(202, given.promise), answer(422, given.refusal)]).run()).state, 'refused');
  assert.deepEqual(await cast([answer(409, { error: 'wrong_previous', message: 'Another one.' })]).run(), { state: 'rejected', code: 'wrong_previous', message: 'Another one.' });
  assert.deepEqual(await cast([answer(422, { error: 'malformed', message: 'No.' })]).run(), { state: 'rejected', code: 'malformed', message: 'No.' });
});

test('when the login has ended, the board is asked before the ballot is called not cast', async () => {
  const ended = answer(401, { error: 'not_logged_in', message: '' });
  const unknown = answer(404, { error: 'not_found', message: '' });
  const one = cast([unreachable, ended, unknown, ended, unknown, answer(201, given.receipt)]);
  assert.deepEqual(await one.run(), { state: 'login' });
  assert.deepEqual(await one.run(), { state: 'login' });
  assert.equal((await one.run()).state, 'cast');
  assert.deepEqual(one.calls, ['PUT', 'PUT', 'GET', 'PUT', 'GET', 'PUT']);
  assert.equal((await cast([unreachable, ended, answer(202, given.promise), answer(201, given.receipt)]).run()).state, 'cast');
  assert.equal((await cast([unreachable, ended, answer(422, given.refusal)]).run()).state, 'refused');
  assert.equal((await cast([ended, ...Array(8).fill(unreachable)]).run()).state, 'stuck');
});

test('the worker is asked one thing at a time, and what breaks while nobody waits is told to whoever asks next', async () => {
  const sent = [];
  const worker = { postMessage: (request) => sent.push(request.type) };
  const client = new SealerClient(worker, 15n, []);
  const sealing = client.seal({}, {});
  await assert.rejects(client.open(), /one thing at a time/);
  worker.onmessage({ data: { type: 'sealed', ballot: {}, tracker: 't' } });
  assert.equal((await sealing).tracker, 't');
  const opening = client.open();
  worker.onmessage({ data: { type: 'failed', message: 'once' } });
  await assert.rejects(opening, /once/);
  worker.onerror();
  await assert.rejects(client.seal({}, {}), /has stopped/);
  assert.deepEqual(sent, ['start', 'seal', 'open']);
});

test('a text of the manifest comes in the language of the page, of its kin, in English, or in any', () => {
  const texts = { fr: 'Oui', en: 'Yes', pt: 'Sim.', 'pt-BR': 'Sim' };
  const pick = (language, from = texts) => new Words({}, language).pick(from);
  assert.deepEqual(['pt-BR', 'pt-PT', 'pt', 'de', 'fr-CA'].map((language) => pick(language)), ['Sim', 'Sim.', 'Sim.', 'Yes', 'Oui']);
  assert.deepEqual([pick('de', { fa: 'آری' }), pick('de', {})], ['آری', '']);
});

test('nothing is called cast on the word of a board that lies', async () => {
  const lies = [
    [answer(201, { ...given.receipt, index: 5 })],
    [answer(201, { ...given.receipt, tracker: given.receipt.leaf_hash })],
    [answer(201, given.promise)],
    [answer(201, {})],
    [answer(201, null)],
    [answer(202, { ...given.promise, time: '2026-11-22T09:00:01Z' })],
    [answer(202, given.receipt)],
    [answer(422, { ...given.refusal, reason: 'Another reason.' })],
    [answer(202, given.promise), answer(404, { error: 'not_found', message: '' })],
    [answer(202, given.promise), answer(422, { error: 'malformed', message: '' })],
    [answer(202, { ...answersLater.promise }), answer(201, given.receipt)],
  ];
  for (const script of lies) assert.equal((await cast(script).run()).state, 'broken');
});
const answersLater = answers({ ...logOf(sealed, 9), time: '2026-11-22T09:00:02Z' });

test('after a reload a ballot is only asked for where no copy is left, and sent again where one is', async () => {
  const resumed = (body, promise, script) => {
    const calls = [];
    const api = { async call(method) { calls.push(method); return script.shift(); } };
    const caster = new Caster(api, { ballot: body, signature: sealed.signature }, given.castDocument, identity, async () => {}, promise);
    return { calls, run: () => caster.run(() => {}) };
  };
  const promised = resumed(null, given.promise, [answer(202, given.promise), answer(201, given.receipt)]);
  assert.equal((await promised.run()).state, 'cast');
  assert.deepEqual(promised.calls, ['GET', 'GET']);
  const copy = resumed(sealed.ballot, null, [answer(202, given.promise), answer(201, given.receipt)]);
  assert.equal((await copy.run()).state, 'cast');
  assert.deepEqual(copy.calls, ['PUT', 'GET']);
  assert.equal((await resumed(null, null, [answer(404, { error: 'not_found', message: '' })]).run()).code, 'gone');
  assert.equal((await resumed(null, given.promise, [answer(404, { error: 'not_found', message: '' })]).run()).state, 'broken');
  assert.equal((await resumed(null, null, [answer(201, given.receipt)]).run()).state, 'cast');
});

test('a sealer prepares, seals, opens, and never uses a preparation twice', () => {
  const style = contests.slice(0, 2);
  const sealer = new Sealer(election.key.n, style);
  const heading = { election: election.fingerprint, voter: record.voterKeys.two.public, previous: '' };
  const wanted = { one: choices.one, some: choices.some };
  assert.throws(() => sealer.seal(heading, wanted));
  const progress = [...sealer.prepare()];
  assert.equal(progress.at(-1).done, progress.at(-1).total);
  assert.deepEqual([...sealer.prepare()], []);
  const first = sealer.seal(heading, wanted);
  verifyBallot(first.ballot, election.key, styles.two);
  assert.throws(() => sealer.seal(heading, wanted));
  assert.equal(checkAudit(sealer.open(), election.key, styles.two).tracker, first.tracker);
  assert.throws(() => sealer.open());
  for (const _ of sealer.prepare());
  const second = sealer.seal(heading, wanted);
  assert.notEqual(first.ballot.contests[0].cells[0], second.ballot.contests[0].cells[0]);
  sealer.discard();
  assert.throws(() => sealer.open());
});

const ids = ['a', 'b', 'c', 'd'];
const moves = fc.array(fc.tuple(fc.constantFrom('add', 'up', 'down', 'join', 'remove'), fc.constantFrom(...ids)), { maxLength: 20 });
test('no sequence of moves loses or doubles an option, and each does what it says', () => {
  fc.assert(fc.property(moves, (steps) => {
    let tiers = [];
    for (const [step, id] of steps) {
      const before = tiers;
      const at = placeOf(before, id);
      if (step === 'add') tiers = add(tiers, id);
      else if (step === 'remove') tiers = remove(tiers, id);
      else if (step === 'join') tiers = join(tiers, id);
      else tiers = move(tiers, id, step === 'up' ? -1 : 1);
      assert.ok(tiers.every((tier) => tier.length > 0));
      assert.equal(new Set(tiers.flat()).size, tiers.flat().length);
      const expected = new Set(before.flat());
      if (step === 'add') expected.add(id);
      if (step === 'remove') expected.delete(id);
      assert.deepEqual(new Set(tiers.flat()), expected);
      if (step === 'up' && at > 0) assert.equal(placeOf(tiers, id), before[at].length > 1 ? at : at - 1);
      if (step === 'join' && at > 0) assert.equal(placeOf(tiers, id), at - 1);
      if (step === 'add') assert.equal(placeOf(tiers, id), tiers.length - 1);
    }
  }));
});

test('digits of Persian and Arabic keyboards', () => assert.equal(asciiDigits('۱۲۳ ٤٥٦ 789'), '123 456 789'));
