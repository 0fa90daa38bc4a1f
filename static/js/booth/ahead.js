/**
 * Fetching ahead, so that a line that breaks cannot break the program: what is in the browser's cache is there when it is needed.
 *
 * A browser asks only once for a module. If the line is gone at that moment, the module is lost until the page is loaded anew. So each file is
 * fetched as a file first, as often as it takes.
 * @module
 */
import { persist } from './line.js';
import { Unreachable } from './unreachable.js';

/** All that `later.js` and the worker need beyond what `main.js` has loaded; a test compares. @type {string[]} */
export const FILES = [
  '../protocol/ballot.js',
  '../protocol/checkpoint.js',
  '../protocol/comb.js',
  '../protocol/contests.js',
  '../protocol/election.js',
  '../protocol/merkle.js',
  '../protocol/paillier.js',
  '../protocol/plans.js',
  '../protocol/proofs.js',
  '../protocol/random.js',
  '../protocol/receipts.js',
  './caster.js',
  './client.js',
  './genuine.js',
  './later.js',
  './screens/audit.js',
  './screens/casting.js',
  './screens/done.js',
  './screens/sealed.js',
  './screens/sign.js',
  './screens/stopped.js',
  './sealer.js',
  './worker.js',
];

/** A line that is silent for so long is lost, and the file is asked for again. */
const PATIENCE_MS = 30_000;

/** @param {string} file */
async function fetchOne(file) {
  try {
    const response = await fetch(new URL(file, import.meta.url), { credentials: 'same-origin', redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    await response.arrayBuffer();
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

/**
 * @param {() => void} tell that the line is gone
 * @returns {Promise<typeof import('./later.js')>}
 */
export async function loadLater(tell) {
  await Promise.all(FILES.map((file) => persist(() => fetchOne(file), tell)));
  return import('./later.js');
}
