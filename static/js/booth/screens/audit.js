/**
 * Opening a ballot to see whether the device tells the truth. An opened ballot is never cast.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { voterNumber } from '../../protocol/credentials.js';
import { Unreachable } from '../api.js';
import { download, el, isolated } from '../dom.js';
import { describeChoice } from '../questions/index.js';
import { actions, button, codeText, facts, notice, progress, trackerText } from './parts.js';

const TRIES = 3;

/**
 * Tell the server that a ballot is audited.
 * @param {import('../booth.js').Booth} booth
 * @param {string} tracker
 * @returns {Promise<boolean>} whether it was noted
 */
async function announceAudit(booth, tracker) {
  for (let i = 0; i < TRIES; i++) {
    try {
      const { status } = await booth.api.call('POST', '/audited', { tracker });
      if (status < 500) return status === 202;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
  return false;
}

/**
 * Open the sealed ballot; from now on it is not castable here, whatever the server says.
 * @param {import('../booth.js').Booth} booth
 */
export async function runAudit(booth) {
  const { sealed } = booth;
  if (sealed === null) return;
  booth.sealed = null;
  booth.go('auditing', true);
  try {
    const logged = await announceAudit(booth, sealed.tracker);
    booth.audit = { file: canonical(await booth.sealer.open()), tracker: sealed.tracker, logged };
    booth.go('audit', true);
  } catch (error) {
    booth.fail('problem-sealing', error);
  }
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function auditingScreen({ words }) {
  return { title: words.say('auditing-title'), body: progress(words, words.say('auditing-title')).node };
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function auditScreen(booth) {
  const { words, audit } = booth;
  const { election, me, contests } = booth.session;
  const tracker = audit?.tracker ?? '';
  const record = new URL(booth.places.record, location.href).href;
  const name = `audit-${tracker.slice(0, 8)}.json`;
  const shown = contests.map((contest) => /** @type {[string, HTMLElement]} */ ([
    words.pick(contest.title),
    el('ul', { class: 'booth-plain' }, describeChoice(contest, /** @type {import('../../protocol/contests.js').Choice} */ (booth.choices.get(contest.id)), words).map((line) => el('li', {}, isolated(line)))),
  ]));
  return {
    title: words.say('audit-title'),
    body: [
      notice('wait', el('p', {}, el('strong', {}, words.say('audit-not-cast')))),
      audit?.logged ? null : notice('bad', el('p', {}, words.say('audit-not-noted'))),
      el('ol', { class: 'steps' },
        el('li', {}, el('p', {}, words.say('audit-step-save')), el('p', {}, button('audit-save', words, () => download(name, audit?.file ?? new Uint8Array()), 'secondary'))),
        el('li', {}, el('p', {}, words.say('audit-step-carry')),
          el('pre', { tabindex: 0, 'aria-label': words.say('audit-commands') }, `python -m verifier fetch ${record} record\npython -m verifier audit ${name} --record record`)),
        el('li', {}, el('p', {}, words.say('audit-step-compare')), facts([
          [words.say('tracker'), trackerText(tracker, 'audit-tracker')],
          [words.say('voter-number'), codeText(voterNumber(me.voter))],
          [words.say('fingerprint'), el('span', { class: 'code' }, election.fingerprint)],
          ...shown,
        ])),
        el('li', {}, el('p', {}, words.say('audit-step-differs')))),
      el('p', {}, words.say('audit-then')),
      actions(button('encrypt-again', words, () => booth.go('review'))),
    ],
  };
}
