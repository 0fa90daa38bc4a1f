/**
 * Opening a ballot to see whether the device tells the truth. An opened ballot is never cast.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { voterNumber } from '../../protocol/credentials.js';
import { canShare, download, el, isolated, share } from '../dom.js';
import { describeChoice } from '../questions/index.js';
import { Unreachable } from '../unreachable.js';
import { actions, button, codeText, details, facts, notice, progress, trackerText } from './parts.js';

const TRIES = 3;
const PATIENCE_MS = 8_000;

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
    const logged = await Promise.race([announceAudit(booth, sealed.tracker), new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, false); })]);
    const opened = await booth.sealer.open();
    booth.audit = { file: canonical(opened), tracker: sealed.tracker, logged: logged === true };
    if (booth.at === 'auditing') booth.go('audit', true);
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
  const { me, contests } = booth.session;
  const tracker = audit?.tracker ?? '';
  const record = new URL(booth.places.record, location.href).href;
  const file = audit?.file ?? new Uint8Array();
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
        el('li', {}, el('p', {}, words.say('audit-step-save')), actions(button('audit-save', words, () => download(name, file), 'secondary'), canShare() ? button('audit-share', words, () => void share(name, file), 'secondary') : null)),
        el('li', {}, el('p', {}, words.say('audit-step-carry')), el('p', {}, el('strong', { class: 'code' }, booth.places.short)), el('p', {}, words.say('audit-step-open'))),
        el('li', {}, el('p', {}, words.say('audit-step-compare')), facts([
          [words.say('tracker'), trackerText(tracker, 'audit-tracker')],
          [words.say('voter-number'), codeText(voterNumber(me.voter))],
          [words.say('fingerprint'), el('span', { class: 'code' }, booth.election?.fingerprint ?? '')],
          ...shown,
        ])),
        el('li', {}, el('p', {}, words.say('audit-step-differs')))),
      details(words.say('audit-commands'), el('p', {}, words.say('audit-commands-text')),
        el('pre', { tabindex: 0, 'aria-label': words.say('audit-commands') }, `python -m verifier fetch ${record} record\npython -m verifier audit ${name} --record record`)),
      el('p', {}, words.say('audit-then')),
      actions(button('encrypt-again', words, () => booth.go('review'))),
    ],
  };
}
