import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import assert from 'node:assert/strict';
import { ELSEWHERE, judge } from './judge.mjs';

const folder = process.env.EVOTE_VECTORS ?? fileURLToPath(new URL('../vectors', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();

test('there are vectors', () => assert.notEqual(files.length, 0, 'write some: node tests/js/write-vectors.mjs tests/vectors'));

for (const file of files) {
  const vector = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  if (ELSEWHERE.has(vector.kind)) continue;
  test(`${vector.name}: ${vector.reason}`, () => {
    assert.equal(vector.name, basename(file, '.json'));
    assert.equal(judge(vector, folder), vector.expect);
  });
}
