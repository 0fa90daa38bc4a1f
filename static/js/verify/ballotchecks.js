/**
 * The checks of one ballot: what the board promised or confirmed, and what stands on the log.
 * @module
 */
import { demand } from '../protocol/errors.js';
import { verifyReceipt } from '../protocol/receipts.js';
import { verify } from '../protocol/signatures.js';
import { shortTracker, voterNumber } from '../protocol/credentials.js';
import { checkProof, checkSigned } from './documents.js';
import { isNamed, NOTHING } from './entries.js';

/** @typedef {import('./checks.js').Checks} Checks */
/** @typedef {import('./checks.js').Finding} Finding */
/** @typedef {import('./checks.js').Setting} Setting */
/** @typedef {import('./entries.js').Entry} Entry */

/**
 * @param {Checks} checks
 * @param {Setting} setting
 * @param {{brought: import('./documents.js').Signed|null, tracker: {tracker: string, code: string}|null}} question
 */
export async function checkBallot(checks, setting, { brought, tracker }) {
  const { log } = setting;
  if (brought === null) {
    const wanted = { ...NOTHING, ...tracker };
    const entry = await onLog(checks, 'find', log.found.filter((one) => isNamed(one, wanted)), setting);
    if (entry?.type === 'ballot') await checks.step('counts', () => counts(setting, entry));
    return;
  }
  const { document } = brought;
  const named = log.found.filter((one) => one.body.tracker === document.tracker);
  const own = await checks.step(brought.kind, async () => {
    if (document.election !== setting.election.fingerprint) return { state: 'stopped', say: 'foreign', values: { election: document.election } };
    checkSigned(brought, setting.board);
    return { state: 'pass', say: `${brought.kind}-pass`, values: { tracker: shortTracker(document.tracker), time: document.time } };
  });
  if (!own) return;
  if (brought.kind === 'receipt') {
    await checkReceipt(checks, setting, brought.document, named);
    return;
  }
  if (brought.kind === 'promise') {
    const entry = await onPromise(checks, setting, named);
    if (entry?.type === 'ballot') await checks.step('counts', () => counts(setting, entry));
    return;
  }
  await checks.step('refused', async () => (named.some((one) => one.type === 'ballot')
    ? { state: 'look', say: 'refused-on-log', values: { index: named[0].index } }
    : { state: 'look', say: 'refused-not-on-log' }));
}

/**
 * @param {Checks} checks
 * @param {Setting} setting
 * @param {import('../protocol/receipts.js').Receipt} receipt
 * @param {Entry[]} named
 */
async function checkReceipt(checks, setting, receipt, named) {
  const { board, log, election } = setting;
  await checks.step('inclusion', async () => {
    const head = checkProof(receipt, board);
    await log.continues(head);
    return { state: 'pass', say: 'inclusion-pass', values: { size: head.size } };
  });
  const entry = named.find((one) => one.index === receipt.index);
  const stands = await checks.step('entry', async () => {
    demand(entry !== undefined && entry.type === 'ballot', 'log', `Entry ${receipt.index} of the log is not this ballot.`);
    const { voter, tracker, previous, signature } = /** @type {Record<string, string>} */ (entry.body);
    verifyReceipt(receipt, { election: election.fingerprint, voter, tracker, previous, signature }, board);
    verify(voter, 'cast', { tracker }, signature);
    return { state: 'pass', say: 'entry-pass', values: { index: entry.index, time: entry.time, voter: voterNumber(voter) } };
  });
  if (stands && entry !== undefined) await checks.step('counts', () => counts(setting, entry));
}

/**
 * @param {Checks} checks
 * @param {Setting} setting
 * @param {Entry[]} named
 * @returns {Promise<Entry|null>}
 */
async function onPromise(checks, setting, named) {
  const closed = setting.log.notices('close').length > 0;
  if (named.length > 0) return onLog(checks, 'entry', named, setting);
  await checks.step('entry', async () => (closed ? { state: 'fail', say: 'promise-broken' } : { state: 'look', say: 'promise-waits' }));
  return null;
}

/**
 * Say which entry it is that has the tracker looked for.
 * @param {Checks} checks
 * @param {string} id
 * @param {Entry[]} named
 * @param {Setting} setting
 * @returns {Promise<Entry|null>}
 */
async function onLog(checks, id, named, setting) {
  /** @type {Entry|null} */
  let entry = null;
  await checks.step(id, async () => {
    if (named.length === 0) return { state: 'fail', say: setting.log.whole ? 'find-none' : 'find-none-part' };
    if (named.length > 1) return { state: 'look', say: 'find-several', values: { count: named.length } };
    const [one] = named;
    entry = one;
    const tracker = shortTracker(String(one.body.tracker));
    if (one.type === 'audited') return { state: 'look', say: 'find-audited', values: { index: one.index, tracker } };
    const voter = String(one.body.voter);
    verify(voter, 'cast', { tracker: one.body.tracker }, one.body.signature);
    return { state: 'pass', say: 'find-pass', values: { index: one.index, tracker, time: one.time, voter: voterNumber(voter) } };
  });
  return entry;
}

/**
 * Whether a ballot on the log counts, as things stand.
 * @param {Setting} setting
 * @param {Entry} entry
 * @returns {Promise<Finding>}
 */
async function counts({ log }, entry) {
  const voter = entry.body.voter;
  if (log.notices('annul').length > 0) return { state: 'look', say: 'counts-annulled' };
  const later = log.found.filter((one) => one.type === 'ballot' && one.body.voter === voter && one.index > entry.index).at(-1);
  if (later !== undefined) return { state: 'look', say: 'counts-superseded', values: { index: later.index, time: later.time } };
  const replaced = log.notices('replace').find((one) => one.body.old === voter);
  if (replaced !== undefined) return { state: 'look', say: 'counts-replaced', values: { index: replaced.index } };
  const struck = log.notices('strike').find((one) => one.body.voter === voter);
  if (struck !== undefined) return { state: 'look', say: 'counts-struck', values: { index: struck.index } };
  const closed = log.notices('close').length > 0;
  if (!log.whole) return { state: 'pass', say: closed ? 'counts-closed-part' : 'counts-open-part' };
  return { state: 'pass', say: closed ? 'counts-closed' : 'counts-open' };
}
