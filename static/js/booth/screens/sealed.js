/**
 * Encrypting; then the tracker, and the choice between casting and auditing.
 * @module
 */
import { voterNumber } from '../../protocol/credentials.js';
import { el } from '../dom.js';
import { runAudit } from './audit.js';
import { actions, button, codeText, details, facts, progress, trackerText } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function sealingScreen(booth) {
  const { words } = booth;
  const bar = progress(words, words.say('sealing-title'));
  bar.set(booth.prepared);
  booth.onprepared = () => bar.set(booth.prepared);
  return { title: words.say('sealing-title'), body: [el('p', {}, words.say('sealing-text')), bar.node] };
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function sealedScreen(booth) {
  const { words, sealed } = booth;
  booth.stand('wait');
  return {
    title: words.say('sealed-title'),
    body: [
      el('p', {}, words.say('sealed-text')),
      el('div', { class: 'panel booth-tracker' },
        el('p', { class: 'booth-label' }, words.say('tracker')),
        el('p', {}, trackerText(sealed?.tracker ?? '', 'tracker')),
        el('p', { class: 'soft' }, words.say('tracker-text'))),
      el('p', {}, el('strong', {}, words.say('sealed-question'))),
      actions(button('cast', words, () => booth.go('sign')), button('audit', words, () => void runAudit(booth), 'secondary')),
      details(words.say('audit-what'), el('p', {}, words.say('audit-what-text')), el('p', {}, words.say('audit-what-choice'))),
      details(words.say('number-what'), el('p', {}, words.say('number-what-text')),
        facts([[words.say('voter-number'), codeText(voterNumber(booth.session.me.voter))]])),
      actions(button('back-review', words, () => {
        booth.discard();
        booth.go('review');
      }, 'secondary')),
    ],
  };
}
