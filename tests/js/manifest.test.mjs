import test from 'node:test';
import assert from 'node:assert/strict';
import { canonical, digest, encodeBytes } from '../../static/js/protocol/codec.js';
import { parseManifest } from '../../static/js/protocol/manifest.js';
import { checkElection } from '../../static/js/protocol/election.js';
import { board, election, manifest, record, signer } from './fixtures.mjs';

const changed = (change) => {
  const copy = structuredClone(manifest);
  change(copy);
  return canonical(copy);
};

test('the small manifest is read', () => {
  const { manifest: found, hash } = parseManifest(record.manifestBytes);
  assert.equal(found.contests.length, 6);
  assert.equal(encodeBytes(hash), encodeBytes(digest('manifest', manifest)));
});

const hostile = {
  'another version': (m) => { m.version = 2; },
  'a field more': (m) => { m.note = ''; },
  'a field less': (m) => { delete m.booth; },
  'an id in capitals': (m) => { m.id = m.id.replace('8', 'A'); },
  'a contest twice': (m) => { m.contests.push(m.contests[0]); },
  'an option twice': (m) => { m.contests[0].options[1].id = 'a'; },
  'no option': (m) => { m.contests[0].options = []; },
  'one option to rank': (m) => { m.contests[4].options.splice(1); },
  'more to choose than options': (m) => { m.contests[1].max = 4; },
  'min above max': (m) => { m.contests[1].min = 3; },
  'an unknown kind': (m) => { m.contests[0].kind = 'toString'; },
  'an unknown abstention': (m) => { m.contests[0].abstain = 'z'; },
  'no seats': (m) => { m.contests[0].rule.seats = 0; },
  'a rule of ranks for a choice': (m) => { m.contests[0].rule.name = 'schulze'; },
  'a majority of the abstention': (m) => { m.contests[0].rule = { name: 'majority', percent: 50, turnout_percent: 0, of: 'none' }; },
  'costs for too few': (m) => { m.contests[3].rule.costs.pop(); },
  'a top of 0': (m) => { m.contests[2].top = 0; },
  'points of 0': (m) => { m.contests[3].points = 0; },
  'ties that are a number': (m) => { m.contests[4].ties = 1; },
  'a style of an unknown contest': (m) => { m.styles.two = ['one', 'x']; },
  'a style with a contest twice': (m) => { m.styles.two = ['one', 'one']; },
  'no style': (m) => { m.styles = {}; },
  'closing before opening': (m) => { m.closes_at = m.opens_at; },
  'an unknown closing': (m) => { m.closing = 'never'; },
  'a threshold of half': (m) => { m.trustees = { total: 4, threshold: 2, names: ['a', 'b', 'c', 'd'] }; },
  'too few names': (m) => { m.trustees.names.pop(); },
  'one key twice': (m) => { m.official_key = m.board_key; },
  'an origin with a space': (m) => { m.log_origin = 'a b'; },
  'a modulus of odd length': (m) => { m.modulus_bits = 3071; },
  'no ballots needed': (m) => { m.min_ballots = 0; },
  'a title that is a text': (m) => { m.title = 'x'; },
};
for (const [name, change] of Object.entries(hostile)) {
  test(`refused: ${name}`, () => assert.throws(() => parseManifest(changed(change)), { name: 'ProtocolError', check: 'manifest' }));
}
test('refused: a key of small order', () => assert.throws(() => parseManifest(changed((m) => { m.board_key = encodeBytes(new Uint8Array(32)); })), { check: 'signature' }));
test('refused: spaces', () => assert.throws(() => parseManifest(new TextEncoder().encode(JSON.stringify(manifest, null, 1))), { check: 'encoding' }));

const edit = (index, change) => record.entries.map((entry, i) => {
  if (i !== index) return entry;
  const copy = JSON.parse(new TextDecoder().decode(entry));
  change(copy);
  return canonical(copy);
});
const refuses = (entries, check, key = record.keyBytes, text = record.manifestBytes) => assert.throws(() => checkElection(text, key, entries), { name: 'ProtocolError', check });

test('the election fits together', () => assert.equal(election.key.bits, 512));
test('refused: another manifest in the log', () => refuses(edit(0, (entry) => { entry.body.min_ballots = 2; }), 'record'));
test('refused: another key in the log', () => refuses(edit(1, (entry) => { entry.body.sha256 = encodeBytes(new Uint8Array(32)); }), 'record'));
test('refused: a roll signed by another', () => refuses(edit(2, (entry) => { entry.body.signature = board.sign('roll', {}); }), 'signature'));
test('refused: another fingerprint', () => refuses(edit(3, (entry) => { entry.body.election = encodeBytes(new Uint8Array(32)); }), 'record'));
test('refused: not opened by the official', () => refuses(edit(3, (entry) => { entry.body.signatures.official = signer(9).sign('open', { election: election.fingerprint }); }), 'signature'));
test('refused: a trustee did not sign', () => refuses(edit(3, (entry) => { entry.body.signatures.trustees.pop(); }), 'record'));
test('refused: trustees in another order', () => refuses(edit(3, (entry) => { entry.body.signatures.trustees.reverse(); }), 'signature'));
test('refused: entries in another order', () => refuses([record.entries[1], record.entries[0], record.entries[2], record.entries[3]], 'record'));
test('refused: too few entries', () => refuses(record.entries.slice(0, 3), 'record'));
test('refused: a manifest changed after the key was made', () => refuses(record.entries, 'key', record.keyBytes, changed((m) => { m.title.en = 'Other'; })));
test('refused: a shorter key', () => {
  const key = structuredClone(record.key);
  key.n = encodeBytes(new Uint8Array(64).fill(5, 32));
  refuses(record.entries, 'key', canonical(key));
});
