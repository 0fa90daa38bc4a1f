/**
 * What stands above the checks: one sentence that says no more than the checks together have shown.
 * @module
 */

/** @typedef {import('./checks.js').Finding} Finding */
/** @typedef {import('./checks.js').Question} Question */
/** @typedef {{say: string, tone: "good"|"wait"|"bad"}} Headline */

/** The checks of an opened ballot itself: if one of them fails, the device that made it is at fault, and not the board. */
const OF_THE_DEVICE = ['audit', 'holds', 'validity', 'noted'];

/**
 * @param {Question} question what the person brought
 * @param {{id: string, finding: Finding}[]} findings of all checks that were made
 * @returns {Headline}
 */
export function headline({ brought, tracker }, findings) {
  const some = (/** @type {Finding["state"]} */ state) => findings.some(({ finding }) => finding.state === state);
  if (some('fail')) {
    const device = findings.some(({ id, finding }) => finding.state === 'fail' && OF_THE_DEVICE.includes(id));
    return { say: device ? 'summary-fail-audit' : 'summary-fail', tone: 'bad' };
  }
  if (findings.some(({ finding }) => finding.say === 'foreign')) return { say: 'summary-foreign', tone: 'wait' };
  if (some('stopped')) return { say: 'summary-stopped', tone: 'wait' };
  if (some('look')) return { say: 'summary-look', tone: 'wait' };
  if (brought?.kind === 'audit') return { say: 'summary-pass-audit', tone: 'good' };
  if (brought !== null) return { say: 'summary-pass', tone: 'good' };
  return { say: tracker === null ? 'summary-pass-election' : 'summary-pass-tracker', tone: 'good' };
}
