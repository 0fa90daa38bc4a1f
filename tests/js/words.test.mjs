/** Every sentence that the booth says is in the catalogue, and the catalogue holds no other. */
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]));
const sources = files(join(root, 'static/js/booth')).map((file) => readFileSync(file, 'utf8')).join('\n');
const catalogue = new Map([...['words', 'words_of_casting'].map((name) => readFileSync(join(root, `evote/booth/${name}.py`), 'utf8')).join('\n').matchAll(/^ +"([a-z-]+)": gettext\(([^]*?)\),$/gm)].map(([, key, sentence]) => [key, sentence]));

// Keys stand as texts in say(...), button(...), fail(...); those that are put together are listed here.
const composed = ['standing-sending', 'standing-cast', 'rank-up', 'rank-down', 'rank-join', 'rank-remove'];
const texts = new Set([...sources.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map(([, text]) => text));

test('there are sentences', () => assert.ok(catalogue.size > 100));
test('every sentence of the catalogue is said somewhere', () => {
  assert.deepEqual([...catalogue.keys()].filter((key) => !texts.has(key) && !composed.includes(key)), []);
});
test('every sentence that is said is in the catalogue', () => {
  const said = [...sources.matchAll(/\b(?:say|button|booth\.fail|this\.fail|save)\(([^]*?)\)/g)].flatMap(([, inside]) => [...inside.matchAll(/'([a-z]+(?:-[a-z]+)+|[a-z]{4,})'/g)].map(([, key]) => key));
  const known = new Set([...catalogue.keys(), 'primary', 'secondary', 'score', 'wait', 'promise', 'refusal', 'down', 'join', 'remove', 'length']);
  assert.deepEqual([...new Set(said)].filter((key) => !known.has(key)), []);
});
