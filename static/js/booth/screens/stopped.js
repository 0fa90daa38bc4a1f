/**
 * Casting did not end with a receipt: what happened, and what to do now.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { download, el, isolated } from '../dom.js';
import { actions, button, notice, trackerText } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function stoppedScreen(booth) {
  const { words, outcome, places, sealed } = booth;
  const tracker = sealed?.tracker ?? '';
  const again = () => button('try-again', words, () => booth.go('casting', true));
  const anew = () => button('encrypt-again', words, () => void restart(booth));
  const save = (/** @type {string} */ name, /** @type {unknown} */ value) => button('save-answer', words, () => download(`${name}-${tracker.slice(0, 8)}.json`, canonical(value)), 'secondary');
  const mine = el('p', {}, trackerText(tracker));
  switch (outcome?.state) {
    case 'login':
      booth.stand('wait');
      return {
        title: words.say('stopped-login-title'),
        body: [el('p', {}, words.say('stopped-login-text')), mine,
          actions(el('a', { class: 'btn btn-secondary', href: places.login, target: '_blank', rel: 'noopener' }, words.say('login-new-tab')), again())],
      };
    case 'stuck':
      booth.stand('sending');
      return {
        title: words.say('stopped-stuck-title'),
        body: [el('p', {}, words.say(outcome.promise ? 'stopped-stuck-promised' : 'stopped-stuck-text')), mine, actions(again(), outcome.promise ? save('promise', outcome.promise) : null)],
      };
    case 'refused':
      booth.stand('wait');
      return {
        title: words.say('stopped-refused-title'),
        body: [notice('bad', el('p', {}, words.say('stopped-refused-text')), el('p', {}, isolated(outcome.refusal.reason))), mine, actions(anew(), save('refusal', outcome.refusal))],
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
      if (outcome.code === 'wrong_previous') return { title: words.say('stopped-previous-title'), body: [el('p', {}, words.say('stopped-previous-text')), actions(anew())] };
      return {
        title: words.say('stopped-rejected-title'),
        body: [notice('bad', el('p', {}, words.say('stopped-rejected-text')), el('p', {}, isolated(outcome.message))), actions(anew(), el('a', { class: 'btn btn-secondary', href: places.election }, words.say('to-election')))],
      };
    default:
      return { title: words.say('problem-title'), body: el('p', {}, words.say('problem-unknown')) };
  }
}

/**
 * Go back to the review with what the voter chose, for a fresh ballot after the latest one.
 * @param {import('../booth.js').Booth} booth
 */
async function restart(booth) {
  booth.caster = null;
  booth.discard();
  try {
    await booth.refresh();
  } catch (error) {
    booth.fail('problem-unreachable', error);
    return;
  }
  booth.go('review', true);
}
