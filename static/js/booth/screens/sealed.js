/**
 * The tracker, and the choice between casting and auditing. What was chosen is not shown beside the tracker: people photograph this page.
 * @module
 */
import { voterNumber } from '../../protocol/credentials.js';
import { el } from '../dom.js';
import { runAudit } from './audit.js';
import { actions, button, codeText, details, explained, facts, trackerText } from './parts.js';
import { signForm } from './sign.js';

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
      explained(booth, words.say('encrypted-what'), words.say('encrypted-what-text'), 'encryption'),
      el('div', { class: 'panel booth-tracker' },
        el('p', { class: 'booth-label' }, words.say('tracker')),
        el('p', {}, trackerText(sealed?.tracker ?? '', 'tracker')),
        el('p', { class: 'soft' }, words.say('tracker-text'))),
      explained(booth, words.say('tracker-what'), words.say('tracker-what-text'), 'tracker'),
      el('section', { 'aria-labelledby': 'booth-cast-title' },
        el('h2', { id: 'booth-cast-title', class: 'booth-heading' }, words.say('cast-title')),
        signForm(booth)),
      el('section', { 'aria-labelledby': 'booth-audit-title' },
        el('h2', { id: 'booth-audit-title', class: 'booth-heading' }, words.say('audit-instead-title')),
        el('p', {}, words.say('audit-instead-text')),
        explained(booth, words.say('audit-what'), words.say('audit-what-text'), 'audit'),
        actions(button('audit', words, () => void runAudit(booth), 'secondary'))),
      details(words.say('number-what'), el('p', {}, words.say('number-what-text')),
        facts([[words.say('voter-number'), codeText(voterNumber(booth.session.me.voter))]])),
      actions(button('back-review', words, () => {
        booth.discard();
        booth.go('review');
      }, 'secondary')),
    ],
  };
}
