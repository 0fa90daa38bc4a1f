/**
 * Passkeys on the officials' pages: each part of a page marked `data-passkey` asks the server for a challenge, lets the
 * browser's passkey sign it, puts the answer into its form, and sends the form. Without this script, or in a browser
 * without WebAuthn, the sentence stands that says how to do without.
 * @module
 */
import { browserSupportsWebAuthn, startAuthentication, startRegistration, WebAuthnError } from '../../vendor/simplewebauthn/simplewebauthn.js';

/** What a person can do about it stands on the page, in its language, as `data-…` of the part. */
const SAYS = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  InvalidStateError: 'known',
};

/** @param {HTMLElement} part */
function prepare(part) {
  const form = part.closest('form');
  const button = part.querySelector('button');
  const voice = part.querySelector('[role="status"]');
  const answer = form?.querySelector('[data-passkey-answer]');
  if (!form || !button || !voice || !(answer instanceof HTMLInputElement)) throw new Error('A part for passkeys is not whole.');
  part.querySelector('[data-without]')?.remove();
  button.hidden = false;
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') || !isFilled(form, part.dataset.asks)) return;
    button.setAttribute('aria-disabled', 'true');
    voice.textContent = part.dataset.waiting ?? '';
    try {
      answer.value = JSON.stringify(await ask(part, form));
      form.submit();
    } catch (error) {
      voice.textContent = sentence(part, error);
      button.removeAttribute('aria-disabled');
    }
  });
}

/**
 * Look whether fields that belong to the passkey are filled; the first empty one gets the focus, and the server's words
 * when the form is sent.
 * @param {HTMLFormElement} form @param {string} [names] @returns {boolean}
 */
function isFilled(form, names = '') {
  const empty = names
    .split(' ')
    .map((name) => form.elements.namedItem(name))
    .find((field) => field instanceof HTMLInputElement && !field.value.trim());
  if (!(empty instanceof HTMLInputElement)) return true;
  empty.focus();
  form.submit();
  return false;
}

/** @param {HTMLElement} part @param {HTMLFormElement} form @returns {Promise<object>} */
async function ask(part, form) {
  const purpose = part.dataset.passkey ?? '';
  const token = form.elements.namedItem('csrf_token');
  const body = new URLSearchParams({ purpose, csrf_token: token instanceof HTMLInputElement ? token.value : '' });
  const response = await fetch(part.dataset.options ?? '', { method: 'POST', body, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const optionsJSON = await response.json();
  return purpose === 'add' ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON });
}

/** @param {HTMLElement} part @param {unknown} error @returns {string} */
function sentence(part, error) {
  const cause = error instanceof WebAuthnError && error.cause instanceof Error ? error.cause : error;
  const name = cause instanceof Error ? cause.name : '';
  const key = name in SAYS ? SAYS[/** @type {keyof typeof SAYS} */ (name)] : 'failed';
  return part.dataset[key] ?? part.dataset.failed ?? '';
}

if (browserSupportsWebAuthn()) {
  for (const part of document.querySelectorAll('[data-passkey]')) {
    if (part instanceof HTMLElement) prepare(part);
  }
}
