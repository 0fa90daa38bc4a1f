/**
 * The first screen: whose ballot this is and in which election; or that nobody is logged in.
 * @module
 */
import { shortTracker, voterNumber } from '../../protocol/credentials.js';
import { LEAST_BITS } from '../../protocol/election.js';
import { el } from '../dom.js';
import { actions, button, codeText, details, facts, notice, trackerText } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function loginScreen({ words, places }) {
  return {
    title: words.say('login-title'),
    body: [el('p', {}, words.say('login-text')), actions(el('a', { class: 'btn btn-primary', href: places.login }, words.say('login-go')))],
  };
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function introScreen(booth) {
  const { words } = booth;
  const { election, me, contests, closesAt } = booth.session;
  booth.stand('wait');
  const many = contests.length !== 1;
  return {
    title: words.say('intro-title'),
    body: [
      election.key.bits < LEAST_BITS ? notice('bad', el('p', {}, words.say('intro-test-key', { bits: election.key.bits }))) : null,
      me.previous ? notice('wait', el('p', {}, words.say('intro-again')), el('p', {}, trackerText(me.previous))) : null,
      el('ol', { class: 'steps' },
        el('li', {}, el('p', {}, words.say(many ? 'intro-answer-many' : 'intro-answer', { count: contests.length }))),
        el('li', {}, el('p', {}, words.say('intro-encrypt'))),
        el('li', {}, el('p', {}, words.say('intro-cast')))),
      el('p', {}, words.say('intro-closes'), ' ', words.time(closesAt), '.'),
      me.weight === 1 ? null : el('p', {}, words.say('intro-weight', { weight: me.weight })),
      actions(button('start', words, () => booth.go('question-0'))),
      details(words.say('intro-check'),
        el('p', {}, words.say('intro-check-text')),
        facts([
          [words.say('voter-number'), codeText(voterNumber(me.voter), 'voter-number')],
          [words.say('fingerprint'), [codeText(shortTracker(election.fingerprint)), el('br'), el('span', { class: 'code', id: 'fingerprint' }, election.fingerprint)]],
        ])),
    ],
  };
}
