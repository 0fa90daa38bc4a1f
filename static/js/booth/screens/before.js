/**
 * Before the first question: that nobody is logged in, that this voter votes on paper, and what stands beside the first question.
 * @module
 */
import { shortTracker, voterNumber } from '../../protocol/credentials.js';
import { LEAST_BITS } from '../../protocol/manifest.js';
import { el } from '../dom.js';
import { actions, codeText, details, notice, trackerText } from './parts.js';

/** @typedef {import('../dom.js').Children} Children */

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function loginScreen({ words, places }) {
  return {
    title: words.say('login-title'),
    body: [
      el('p', {}, words.say('login-text')),
      actions(el('a', { class: 'btn btn-primary', href: places.login }, words.say('login-go')), el('a', { class: 'btn btn-secondary', href: places.help }, words.say('to-help'))),
    ],
  };
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function struckScreen({ words, places }) {
  return {
    title: words.say('struck-title'),
    body: [
      notice('wait', el('p', {}, words.say('struck-text'))),
      actions(el('a', { class: 'btn btn-primary', href: `${places.help}#paper` }, words.say('to-help')), el('a', { class: 'btn btn-secondary', href: places.election }, words.say('to-election'))),
    ],
  };
}

/**
 * What a voter should know before answering: above the first question.
 * @param {import('../booth.js').Booth} booth
 * @returns {Children}
 */
export function beforeQuestions({ words, opening, session }) {
  const { me } = session;
  const bits = opening.manifest.modulus_bits;
  return [
    bits < LEAST_BITS ? notice('bad', el('p', {}, words.say('intro-test-key', { bits }))) : null,
    me.previous ? notice('wait', el('p', {}, words.say('intro-again')), el('p', {}, trackerText(me.previous))) : null,
    me.weight === 1 ? null : el('p', {}, words.say('intro-weight', { weight: me.weight })),
  ];
}

/**
 * What a voter may want to know before answering: below the first question.
 * @param {import('../booth.js').Booth} booth
 * @returns {Children}
 */
export function besideQuestions(booth) {
  const { words } = booth;
  const { me, contests } = booth.session;
  const fingerprint = el('dd', {}, words.say('fingerprint-waits'));
  const show = () => {
    const found = booth.election?.fingerprint;
    if (found !== undefined) fingerprint.replaceChildren(codeText(shortTracker(found)), el('br'), el('span', { class: 'code', id: 'fingerprint' }, found));
  };
  booth.onprepared = show;
  show();
  const many = contests.length !== 1;
  return [
    details(words.say('intro-next'),
      el('ol', { class: 'steps' },
        el('li', {}, el('p', {}, words.say(many ? 'intro-answer-many' : 'intro-answer', { count: contests.length }))),
        el('li', {}, el('p', {}, words.say('intro-encrypt'))),
        el('li', {}, el('p', {}, words.say('intro-cast')))),
      el('p', {}, words.say('intro-closes'), ' ', words.times(booth.time.closesAt), '.')),
    details(words.say('intro-check'),
      el('p', {}, words.say('intro-check-text')),
      el('dl', { class: 'facts' }, el('div', {}, el('dt', {}, words.say('voter-number')), el('dd', {}, codeText(voterNumber(me.voter), 'voter-number'))), el('div', {}, el('dt', {}, words.say('fingerprint')), fingerprint))),
  ];
}
