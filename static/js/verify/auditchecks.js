/**
 * The checks of a ballot that was opened in an audit: is each number the encryption of what the file says, and what does the ballot hold?
 * @module
 */
import { challengeOf, parseBallot } from '../protocol/ballot.js';
import { decodeNumber, take, takeArray } from '../protocol/codec.js';
import { shortTracker, voterNumber } from '../protocol/credentials.js';
import { layoutsOf } from '../protocol/election.js';
import { demand } from '../protocol/errors.js';
import { totals } from '../protocol/plans.js';
import { verifyStatement } from '../protocol/proofs.js';
import { choiceOf } from './contents.js';

/** @typedef {import('./checks.js').Checks} Checks */
/** @typedef {import('./checks.js').Setting} Setting */
/** @typedef {import('./documents.js').Audited} Audited */
/** @typedef {import('../protocol/ballot.js').ContestLayout} ContestLayout */
/** @typedef {import('../protocol/ballot.js').BallotJson} BallotJson */
/** @typedef {(contest: import('../protocol/manifest.js').Contest, choice: import('../protocol/contests.js').Choice) => Promise<string[]>} Describe a choice in words */

/** A power takes about a tenth of a second at 3,072 bits: the page must breathe in between. */
const breathe = () => new Promise((go) => { setTimeout(go); });

/**
 * The ballot style that has exactly the contests of a ballot.
 * @param {Setting} setting
 * @param {unknown} ballot
 * @returns {ContestLayout[]}
 * @throws {ProtocolError} "encoding", "contest"
 */
function styleOf({ election }, ballot) {
  const { contests } = take(ballot, ['version', 'election', 'voter', 'previous', 'contests']);
  const ids = takeArray(contests).map((one) => take(one, ['id', 'cells', 'proofs']).id).join();
  const style = Object.entries(election.manifest.styles).find(([, listed]) => listed.join() === ids);
  demand(style !== undefined, 'contest', 'No ballot style of this election has the contests of this ballot.');
  return layoutsOf(election, style[0]);
}

/**
 * Encrypt each value anew with the randomness that the file gives, and compare.
 * @param {import('../protocol/paillier.js').PublicKey} key
 * @param {ContestLayout[]} style
 * @param {bigint[][]} cells of each contest
 * @param {unknown} openings
 * @param {() => void} step called after each cell
 * @returns {Promise<bigint[][]>} the plaintexts
 * @throws {ProtocolError} "encoding", "contest", "proof"
 */
async function reencrypt(key, style, cells, openings, step) {
  const given = takeArray(openings);
  demand(given.length === style.length, 'contest', 'The audit file does not open the contests of its ballot.');
  const found = [];
  for (const [c, { id }] of style.entries()) {
    const opening = take(given[c], ['id', 'values', 'randomness']);
    demand(opening.id === id, 'contest', 'The audit file does not open the contests of its ballot.');
    const [values, randomness] = [takeArray(opening.values), takeArray(opening.randomness)];
    demand(values.length === cells[c].length && randomness.length === cells[c].length, 'contest', 'The audit file does not open each cell.');
    const plain = [];
    for (const [i, cell] of cells[c].entries()) {
      const [m, r] = [decodeNumber(values[i], key.width), decodeNumber(randomness[i], key.width)];
      demand(m < key.n && r < key.n && key.isUnit(r), 'proof', 'The audit file holds a number out of its range.');
      demand(key.encrypt(m, r) === cell, 'proof', `Cell ${i} of the contest “${id}” is not the encryption of what the audit file says.`);
      plain.push(m);
      step();
      await breathe();
    }
    found.push(plain);
  }
  return found;
}

/**
 * @param {Checks} checks
 * @param {Setting} setting
 * @param {Audited} audited
 * @param {Describe} describe
 */
export async function checkAuditFile(checks, setting, audited, describe) {
  const { election, log } = setting;
  const { key, manifest } = election;
  /** @type {ContestLayout[]} */
  let style = [];
  /** @type {{cells: bigint[], proofs: import('../protocol/proofs.js').Proof[]}[]} */
  let contests = [];
  /** @type {bigint[][]} */
  let plain = [];
  const own = await checks.step('audit', async () => {
    if (audited.election !== election.fingerprint) return { state: 'stopped', say: 'foreign', values: { election: audited.election } };
    style = styleOf(setting, audited.ballot);
    const parsed = parseBallot(audited.ballot, key, style);
    contests = parsed.contests;
    const total = contests.reduce((sum, { cells }) => sum + cells.length, 0);
    let done = 0;
    plain = await reencrypt(key, style, contests.map(({ cells }) => cells), audited.openings, () => checks.progress(done += 1, total));
    return { state: 'pass', say: 'audit-pass', values: { tracker: shortTracker(audited.tracker), voter: voterNumber(parsed.heading.voter) } };
  });
  if (!own) return;
  for (const [c, { id, layout }] of style.entries()) {
    await checks.step('holds', async () => {
      const contest = manifest.contests.find((one) => one.id === id);
      demand(contest !== undefined, 'contest', 'The ballot has a contest that the election does not have.');
      const choice = choiceOf(contest, totals(layout, plain[c]));
      return { state: 'note', say: 'holds-this', values: { contest: contest.title }, lines: await describe(contest, choice) };
    });
  }
  await checks.step('validity', async () => {
    const challenge = challengeOf(/** @type {BallotJson} */ (audited.ballot));
    const total = style.reduce((sum, { layout }) => sum + layout.statements.length, 0);
    let done = 0;
    for (const [c, { layout }] of style.entries()) {
      for (const [i, statement] of layout.statements.entries()) {
        verifyStatement(key, statement, contests[c].cells, contests[c].proofs[i], challenge);
        checks.progress(done += 1, total);
        await breathe();
      }
    }
    return { state: 'pass', say: 'validity-pass' };
  });
  await checks.step('noted', async () => {
    const named = log.found.filter((one) => one.body.tracker === audited.tracker);
    const cast = named.find((one) => one.type === 'ballot');
    if (cast !== undefined) return { state: 'fail', say: 'noted-cast', values: { index: cast.index } };
    if (named.length > 0) return { state: 'pass', say: 'noted-pass', values: { index: named[0].index } };
    return { state: 'note', say: 'noted-not' };
  });
}
