/**
 * The checks of the result: that it is the one on the log, that each certificate opens its ciphertext, that totals and outcome follow.
 * @module
 */
import { sha256 } from '../../vendor/noble/noble.js';
import { encodeBytes, parseCanonical, take } from '../protocol/codec.js';
import { ProtocolError, demand } from '../protocol/errors.js';
import { decide } from './outcome.js';
import { openedBy, packing, parseTally, unpack } from './tally.js';

/** @typedef {import('./checks.js').Checks} Checks */
/** @typedef {import('./checks.js').Setting} Setting */
/** @typedef {import('./tally.js').Tally} Tally */
/** @typedef {import('../protocol/manifest.js').Contest} Contest */

/**
 * @param {Checks} checks
 * @param {Setting} setting
 */
export async function checkResult(checks, setting) {
  const { log, manifest } = setting;
  const [close] = log.notices('close');
  if (close !== undefined) await checks.step('close', () => checkClose(setting, close));
  /** @type {Tally|undefined} */
  let tally;
  const there = await checks.step('tally', async () => {
    const [entry] = log.notices('tally');
    if (entry === undefined) return { state: 'note', say: log.notices('annul').length > 0 ? 'tally-annulled' : close ? 'tally-counting' : 'tally-open' };
    const bytes = await checks.record.need('tally.json');
    demand(entry.body.sha256 === encodeBytes(sha256(bytes)), 'record', 'The published result is not the one that the log names.');
    const found = parseTally(bytes, manifest.contests);
    demand(found.election === setting.election.fingerprint, 'record', 'The result is of another election.');
    demand(found.size === close?.body.size && found.counted === close?.body.counted, 'record', 'The result counts other ballots than the closing entry says.');
    await log.continues({ size: found.size, root: found.root });
    tally = found;
    return { state: 'pass', say: 'tally-pass', values: { size: found.size } };
  });
  if (!there || tally === undefined) return;
  const found = tally;
  let eligible = {};
  const opened = await checks.step('certificates', async () => {
    const { totals, count } = await openAll(checks, setting, found);
    eligible = await eligibleWeights(checks, setting);
    demand(totals.every((one, i) => one.join() === found.contests[i].totals.join()), 'record', 'Totals of the result are not those that its certificates open.');
    const withheld = found.contests.filter((one) => one.ciphertexts.length === 0).length;
    return { state: 'pass', say: withheld > 0 ? 'certificates-withheld' : 'certificates-pass', values: { count, withheld } };
  });
  if (opened) for (const [i, contest] of manifest.contests.entries()) await checkOutcome(checks, contest, found.contests[i], eligible);
}

/**
 * @param {Setting} setting
 * @param {import('./entries.js').Entry} close
 * @returns {Promise<import('./checks.js').Finding>}
 */
async function checkClose({ log }, close) {
  demand(close.body.size === close.index + 1, 'log', 'The closing entry does not say where it stands.');
  const counted = log.counted();
  if (counted === null) return { state: 'note', say: 'close-part', values: { index: close.index } };
  demand(counted.hash === close.body.counted, 'log', 'The closing entry names other ballots than those that count.');
  return { state: 'pass', say: 'close-pass', values: { ballots: counted.ballots, index: close.index } };
}

/**
 * Open every ciphertext by its certificate.
 * @param {Checks} checks
 * @param {Setting} setting
 * @param {Tally} tally
 * @returns {Promise<{totals: number[][], count: number}>}
 */
async function openAll(checks, { manifest, election: { key } }, tally) {
  const all = tally.contests.reduce((sum, one) => sum + one.ciphertexts.length, 0);
  let count = 0;
  const totals = [];
  for (const [i, counted] of tally.contests.entries()) {
    const held = packing(manifest.contests[i], key.slots);
    if (counted.ciphertexts.length === 0) {
      demand(counted.certificates.length === 0 && counted.totals.length === 0 && counted.outcome.elected.length + counted.outcome.tied.length === 0, 'record', 'A withheld contest has a result.');
      totals.push([]);
      continue;
    }
    demand(counted.ciphertexts.length === held.length && counted.certificates.length === held.length, 'record', 'A contest has not one certificate for each of its ciphertexts.');
    const plaintexts = [];
    for (const [j, ciphertext] of counted.ciphertexts.entries()) {
      plaintexts.push(openedBy(key, ciphertext, counted.certificates[j]));
      count += 1;
      checks.progress(count, all);
      await new Promise((go) => setTimeout(go));
    }
    totals.push(unpack(plaintexts, held));
  }
  return { totals, count };
}

/**
 * Who may vote in each contest, by weight; the roll is fetched only where a rule asks for a turnout.
 * @param {Checks} checks
 * @param {Setting} setting
 * @returns {Promise<Record<string, number>>}
 */
async function eligibleWeights(checks, { manifest, log }) {
  /** @type {Record<string, number>} */
  const weights = Object.fromEntries(manifest.contests.map((one) => [one.id, 0]));
  if (!manifest.contests.some(({ rule }) => rule.name === 'majority' && rule.turnout_percent > 0)) return weights;
  const bytes = await checks.record.need('roll.jsonl');
  const entry = /** @type {{body: {sha256: string}}} */ (parseCanonical(log.firstFour[2]));
  demand(entry.body.sha256 === encodeBytes(sha256(bytes)), 'record', 'The roll is not the one that the log names.');
  for (const line of new TextDecoder().decode(bytes).split('\n').filter((one) => one !== '')) {
    const { style, weight } = take(JSON.parse(line), ['voter', 'style', 'weight']);
    for (const id of manifest.styles[String(style)] ?? []) weights[id] += Number(weight);
  }
  return weights;
}

/**
 * @param {Checks} checks
 * @param {Contest} contest
 * @param {import('./tally.js').Counted} counted
 * @param {Record<string, number>} eligible
 */
async function checkOutcome(checks, contest, counted, eligible) {
  await checks.step('outcome', async () => {
    const values = { contest: contest.title, ballots: counted.ballots };
    if (counted.ciphertexts.length === 0) return { state: 'note', say: 'outcome-withheld', values };
    const { elected, tied } = decide(contest, counted.totals, counted.weight, eligible[contest.id]);
    if (elected.join() !== counted.outcome.elected.join() || tied.join() !== counted.outcome.tied.join()) {
      throw new ProtocolError('record', `By the rule of the contest ${contest.id}, other options are elected or tied.`);
    }
    return { state: 'pass', say: 'outcome-pass', values };
  });
}
