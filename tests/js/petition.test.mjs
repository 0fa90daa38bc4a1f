import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { canonical, parseCanonical } from '../../static/js/protocol/codec.js';
import { checkReceipt, linesOf } from '../../static/js/petition/receipt.js';

const example = new URL('../../docs/example-petition/', import.meta.url);
const bytes = async (name) => new Uint8Array(await readFile(new URL(name, example)));
const read = (name) => bytes(`record/${name}`);
const receipt = await bytes('receipt.json');

/** The receipt with a change, written canonically again. */
function changed(change) {
  const value = parseCanonical(receipt);
  change(value);
  return canonical(value);
}

/** The record with one file changed. */
const instead = (file, change) => async (name) => (name === file ? change(await read(name)) : read(name));

test('the receipt of the worked example counts', async () => {
  assert.deepEqual(await checkReceipt(receipt, read), { say: 'counted', good: true, index: 1 });
});

test('a signature that was taken back is shown with its removal', async () => {
  const lines = linesOf(await read('log/00000.jsonl')).map((line) => parseCanonical(line));
  const value = parseCanonical(receipt);
  assert.equal(lines[4].body.entry, 2);
  assert.notDeepEqual(lines[2].body, value.body);
});

for (const [name, change, say] of [
  ['another person', (value) => { value.opening[0].name = 'Eve'; }, 'opening'],
  ['another petition', (value) => { value.petition = value.body.commitment; }, 'other'],
  ['another body', (value) => { value.body.confirmed_at = '2027-06-02T00:00:00Z'; }, 'promise'],
  ['another place', (value) => { value.logged[0].index = 2; }, 'proof'],
  ['no proof', (value) => { value.logged[0].proof = []; }, 'proof'],
  ['one field more', (value) => { value.more = true; }, 'unreadable'],
]) {
  test(`a receipt that was changed is refused: ${name}`, async () => {
    assert.equal((await checkReceipt(changed(change), read)).say, say);
  });
}

test('a promise alone finds its entry', async () => {
  assert.equal((await checkReceipt(changed((value) => { value.logged = []; }), read)).say, 'counted');
});

test('a log that was changed or cut is not the one that was signed', async () => {
  const flip = (data) => data.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
  const cut = (data) => data.subarray(0, data.length - 10);
  for (const file of ['log/00000.jsonl', 'checkpoint', 'petition.json']) {
    for (const change of [flip, cut]) assert.equal((await checkReceipt(receipt, instead(file, change))).good, false);
  }
});

test('what is no receipt is said', async () => {
  for (const text of ['', '{}', '[]', 'null', '{"a":1}']) {
    assert.equal((await checkReceipt(new TextEncoder().encode(text), read)).say, 'unreadable');
  }
});
