/**
 * The code from the letter: it signs the ballot on this device and goes nowhere.
 * @module
 */
import { CodeError, credentialKey, parseCode } from '../../protocol/credentials.js';
import { el } from '../dom.js';
import { Unreachable } from '../unreachable.js';
import { asciiDigits } from '../words.js';
import { actions, showFault } from './parts.js';

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
 * Why a good code is not this voter's. The server is asked for all withdrawn keys, so it learns nothing of the code.
 * @param {import('../booth.js').Booth} booth
 * @param {string} key public key of the code
 * @returns {Promise<"code-replaced"|"code-struck"|"code-other">}
 */
async function reasonOf(booth, key) {
  try {
    const { replaced, struck } = await booth.api.withdrawn();
    if (replaced.includes(key)) return 'code-replaced';
    if (struck.includes(key)) return 'code-struck';
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  return 'code-other';
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {HTMLElement}
 */
export function signForm(booth) {
  const { words, places } = booth;
  let busy = false;
  const input = el('input', { class: 'form-control input-code booth-code-input', id: 'code', type: 'text', dir: 'ltr', autocomplete: 'off', autocapitalize: 'characters', autocorrect: 'off', spellcheck: 'false', 'aria-describedby': 'code-hint code-never' });
  const submit = async () => {
    const fault = await sign(booth, input.value);
    if (booth.at !== 'sealed') return;
    if (fault !== '') {
      showFault(form, words, fault, 'code');
      return;
    }
    input.value = '';
    booth.go('casting', true);
  };
  const form = el('form', { class: 'booth-form', novalidate: true, autocomplete: 'off', submit: (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    void submit().catch((error) => booth.fail('problem-unknown', error)).finally(() => { busy = false; });
  } },
  el('div', { class: 'field' },
    el('label', { for: 'code' }, words.say('code-label')),
    el('p', { class: 'hint', id: 'code-hint' }, words.say('code-hint')),
    input,
    el('p', { class: 'hint', id: 'code-never' }, words.say('code-never'))),
  actions(el('button', { type: 'submit', class: 'btn btn-primary', id: 'booth-sign' }, words.say('sign'))),
  el('p', {}, el('a', { href: `${places.help}#code`, target: '_blank', rel: 'noopener' }, words.say('code-lost'))));
  return form;
}

/**
 * Sign the sealed ballot with the key that a code stands for.
 * @param {import('../booth.js').Booth} booth
 * @param {string} text as typed
 * @returns {Promise<string>} what is wrong, or nothing
 */
async function sign(booth, text) {
  const { words, sealed } = booth;
  if (sealed === null) return words.say('code-no-ballot');
  let key;
  try {
    key = credentialKey(parseCode(tidyCode(text)), booth.opening.manifestHash);
  } catch (error) {
    return faultOf(error, words);
  }
  if (key.public !== booth.session.me.voter) return words.say(await reasonOf(booth, key.public));
  const { ballot, tracker } = sealed;
  const signature = key.sign('cast', { tracker });
  booth.begin({ election: ballot.election, voter: ballot.voter, tracker, previous: ballot.previous, signature }, ballot);
  return '';
}
