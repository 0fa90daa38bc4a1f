/**
 * The code from the letter: it signs the ballot on this device and goes nowhere.
 * @module
 */
import { CodeError, credentialKey, parseCode } from '../../protocol/credentials.js';
import { Caster } from '../caster.js';
import { el } from '../dom.js';
import { asciiDigits } from '../words.js';
import { actions, button, showFault, trackerText } from './parts.js';

/**
 * What keyboards, letters and copying may put into a code: other digits, spaces and hyphens of all kinds.
 * @param {string} text
 * @returns {string}
 */
export function tidyCode(text) {
  return asciiDigits(text).replace(/[\s\u200b-\u200f\u2060\ufeff]/g, '').replace(/\p{Dash_Punctuation}/gu, '-');
}

/**
 * @param {unknown} error
 * @param {import('../words.js').Words} words
 * @returns {string}
 */
function faultOf(error, words) {
  if (!(error instanceof CodeError)) throw error;
  if (error.fault === 'sign') return words.say('code-sign', { sign: error.sign });
  return words.say(error.fault === 'length' ? 'code-length' : 'code-check');
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function signScreen(booth) {
  const { words } = booth;
  booth.stand('wait');
  const input = el('input', { class: 'form-control input-code booth-code-input', id: 'code', type: 'text', dir: 'ltr', autocomplete: 'off', autocapitalize: 'characters', autocorrect: 'off', spellcheck: 'false', 'aria-describedby': 'code-hint code-never' });
  const form = el('form', { class: 'booth-form', novalidate: true, autocomplete: 'off', submit: (event) => {
    event.preventDefault();
    const fault = sign(booth, input.value);
    if (fault !== '') {
      showFault(form, words, fault, 'code');
      return;
    }
    input.value = '';
    booth.go('casting', true);
  } },
  el('div', { class: 'field' },
    el('label', { for: 'code' }, words.say('code-label')),
    el('p', { class: 'hint', id: 'code-hint' }, words.say('code-hint')),
    input,
    el('p', { class: 'hint', id: 'code-never' }, words.say('code-never'))),
  actions(el('button', { type: 'submit', class: 'btn btn-primary', id: 'booth-sign' }, words.say('sign')), button('back', words, () => booth.go('sealed'), 'secondary')));
  return {
    title: words.say('sign-title'),
    body: [el('p', {}, words.say('sign-text')), el('p', {}, trackerText(booth.sealed?.tracker ?? '')), form],
  };
}

/**
 * Sign the sealed ballot with the key that a code stands for.
 * @param {import('../booth.js').Booth} booth
 * @param {string} text as typed
 * @returns {string} what is wrong, or nothing
 */
function sign(booth, text) {
  const { words, sealed } = booth;
  const { election, me } = booth.session;
  if (sealed === null) return words.say('code-no-ballot');
  let key;
  try {
    key = credentialKey(parseCode(tidyCode(text)), election.manifestHash);
  } catch (error) {
    return faultOf(error, words);
  }
  if (key.public !== me.voter) return words.say('code-other');
  const { ballot, tracker } = sealed;
  const signature = key.sign('cast', { tracker });
  const cast = { election: ballot.election, voter: ballot.voter, tracker, previous: ballot.previous, signature };
  const { log_origin, board_key } = election.manifest;
  booth.caster = new Caster(booth.api, { ballot, signature }, cast, { origin: log_origin, boardKey: board_key });
  return '';
}
