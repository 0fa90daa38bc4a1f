/**
 * Casting did not end with a receipt: what happened, and what to do now.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { download, el, isolated } from '../dom.js';
import { pause } from '../line.js';
import { Unreachable } from '../unreachable.js';
import { actions, button, notice, trackerText } from './parts.js';

const LOOK_MS = 4_000;
const AGAIN_MS = 30_000;

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function stoppedScreen(booth) {
  const { words, outcome, places, tracker } = booth;
  const again = () => button('try-again', words, () => booth.go('casting', true));
  const save = (/** @type {string} */ name, /** @type {unknown} */ value) => button('save-answer', words, () => download(`${name}-${tracker.slice(0, 8)}.json`, canonical(value)), 'secondary');
  const mine = el('p', {}, trackerText(tracker));
  switch (outcome?.state) {
    case 'login': {
      const line = el('p', { role: 'status' });
      booth.stand('wait');
      void waitForLogin(booth, line);
      return {
        title: words.say('stopped-login-title'),
        body: [el('p', {}, words.say('stopped-login-text')), line, mine,
          actions(el('a', { class: 'btn btn-primary', href: places.login, target: '_blank', rel: 'noopener' }, words.say('login-new-tab')), button('try-again', words, () => booth.go('casting', true), 'secondary'))],
      };
    }
    case 'stuck':
      booth.stand('sending');
      void goOnLater(booth);
      return {
        title: words.say('stopped-stuck-title'),
        body: [el('p', {}, words.say(outcome.promise ? 'stopped-stuck-promised' : 'stopped-stuck-text')), mine, actions(again(), outcome.promise ? save('promise', outcome.promise) : null)],
      };
    case 'refused':
      booth.stand('wait');
      return {
        title: words.say('stopped-refused-title'),
        body: [notice('bad', el('p', {}, words.say('stopped-refused-text')), el('p', {}, isolated(outcome.refusal.reason))), mine, actions(anew(booth), save('refusal', outcome.refusal))],
      };
    case 'broken':
      booth.stand('sending');
      return {
        title: words.say('stopped-broken-title'),
        body: [notice('bad', el('p', {}, words.say('stopped-broken-text')), el('p', { class: 'small' }, outcome.message)), mine,
          actions(button('save-evidence', words, () => download(`evidence-${tracker.slice(0, 8)}.json`, new TextEncoder().encode(JSON.stringify(outcome.evidence, null, 1)))), again())],
      };
    case 'rejected':
      booth.stand('wait');
      return rejectedScreen(booth, outcome.code, outcome.message);
    default:
      return { title: words.say('problem-title'), body: el('p', {}, words.say('problem-unknown')) };
  }
}

/**
 * The ballot was never stored.
 * @param {import('../booth.js').Booth} booth
 * @param {string} code
 * @param {string} message
 * @returns {import('../booth.js').Screen}
 */
function rejectedScreen(booth, code, message) {
  const { words, places } = booth;
  const out = (/** @type {string} */ part) => actions(el('a', { class: 'btn btn-primary', href: `${places.help}#${part}` }, words.say('to-help')), el('a', { class: 'btn btn-secondary', href: places.election }, words.say('to-election')));
  switch (code) {
    case 'wrong_previous':
      return { title: words.say('stopped-previous-title'), body: [el('p', {}, words.say('stopped-previous-text')), booth.answered ? el('p', {}, words.say('answers-here')) : null, actions(anew(booth))] };
    case 'not_open':
      return { title: words.say('stopped-late-title'), body: [notice('bad', el('p', {}, words.say('stopped-late-text'))), el('p', {}, words.say('stopped-late-earlier')), out('late')] };
    case 'annulled':
      return { title: words.say('ended-annulled-title'), body: [notice('bad', el('p', {}, words.say('ended-annulled-text'))), out('late')] };
    case 'replaced':
      return { title: words.say('stopped-replaced-title'), body: [notice('bad', el('p', {}, words.say('stopped-replaced-text'))), out('code')] };
    case 'struck':
      return { title: words.say('struck-title'), body: [notice('bad', el('p', {}, words.say('struck-text'))), out('paper')] };
    case 'gone':
      return { title: words.say('stopped-gone-title'), body: [notice('bad', el('p', {}, words.say('stopped-gone-text'))), actions(anew(booth))] };
    default:
      return {
        title: words.say('stopped-rejected-title'),
        body: [notice('bad', el('p', {}, words.say('stopped-rejected-text')), el('p', {}, isolated(message))), actions(anew(booth), el('a', { class: 'btn btn-secondary', href: places.election }, words.say('to-election')))],
      };
  }
}

/** @param {import('../booth.js').Booth} booth @returns {HTMLButtonElement} */
function anew(booth) {
  return button('encrypt-again', booth.words, () => void restart(booth));
}

/**
 * Go on by itself as soon as the voter has logged in again, in whichever tab.
 * @param {import('../booth.js').Booth} booth
 * @param {HTMLElement} line
 */
async function waitForLogin(booth, line) {
  const { outcome, caster } = booth;
  for (;;) {
    await pause(LOOK_MS);
    if (booth.outcome !== outcome || booth.at !== 'stopped' || caster === null || booth.caster !== caster) return;
    if (document.visibilityState !== 'visible') continue;
    try {
      const me = await booth.api.me();
      if (booth.at !== 'stopped') return;
      if (me?.voter === caster.cast.voter) return booth.go('casting', true);
      line.textContent = me === null ? '' : booth.words.say('stopped-login-other');
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

/**
 * Try again by itself after a while, or as soon as the line is back.
 * @param {import('../booth.js').Booth} booth
 */
async function goOnLater(booth) {
  const { outcome } = booth;
  await pause(AGAIN_MS);
  if (booth.outcome === outcome && booth.at === 'stopped') booth.go('casting', true);
}

/**
 * Go back to the review with what the voter chose, for a fresh ballot after the latest one; after a reload nothing is left of it.
 * @param {import('../booth.js').Booth} booth
 */
async function restart(booth) {
  const { answered } = booth;
  booth.caster = null;
  booth.keep.clear();
  if (!answered) {
    location.reload();
    return;
  }
  booth.discard();
  try {
    await booth.refresh();
  } catch (error) {
    booth.fail('problem-unreachable', error);
    return;
  }
  booth.go('review', true);
}
