/**
 * Signing a petition with a credential code. The code makes a key here; only the key's signature leaves the device.
 * @module
 */
import { decodeBytes, digest, encodeBytes, parseCanonical } from '../protocol/codec.js';
import { CodeError, credentialKey, parseCode } from '../protocol/credentials.js';
import { fetchBytes, part, places, tell, words } from './page.js';

/** @typedef {import('../protocol/signatures.js').SigningKey} SigningKey */

const form = part('roll-form', HTMLFormElement);
const code = part('roll-code', HTMLInputElement);
let busy = false;

/** @param {string} text what is wrong with the code, or nothing */
function complain(text) {
  code.closest('.field')?.classList.toggle('field-wrong', text !== '');
  part('roll-code-error', HTMLElement).textContent = text;
  if (text === '') code.removeAttribute('aria-invalid');
  else {
    code.setAttribute('aria-invalid', 'true');
    code.focus();
  }
}

/** @returns {SigningKey|null} null: the code is wrong, and the page says so */
function typedKey() {
  try {
    const key = credentialKey(parseCode(code.value), decodeBytes(places.manifest, 32));
    complain('');
    return key;
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    complain(words.say(error.fault, { sign: error.sign }));
    return null;
  }
}

/** Make sure that what is signed is the petition whose text the record shows. @returns {Promise<boolean>} */
async function isRightText() {
  const petition = /** @type {any} */ (parseCanonical(await fetchBytes(`${places.record}petition.json`)));
  const text = parseCanonical(await fetchBytes(`${places.record}text.json`));
  return encodeBytes(digest('petition', petition)) === places.petition && encodeBytes(digest('petition-text', text)) === petition.text;
}

/**
 * @param {string} address
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function call(address, body) {
  const sent = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(address, { credentials: 'same-origin', ...sent });
  const value = await answer.json();
  if (!answer.ok) throw new Error(String(value.message ?? answer.status));
  return value;
}

/** @param {SigningKey} key */
async function sign(key) {
  if (!(await isRightText())) return tell('roll', 'bad', words.say('text'));
  const before = await call(`${places.credentials}/${key.public}`);
  if (before.stands) return tell('roll', 'good', words.say('already'));
  const region = document.getElementById('roll-region');
  await call(places.credentials, {
    voter: key.public,
    signature: key.sign('petition-sign', { petition: places.petition }),
    region: region instanceof HTMLSelectElement ? region.value : '',
  });
  return tell('roll', 'good', words.say('signed'));
}

/** @param {SigningKey} key */
async function withdraw(key) {
  const standing = await call(`${places.credentials}/${key.public}`);
  if (!standing.stands) return tell('roll', 'bad', words.say('none'));
  if (standing.index < 0) return tell('roll', 'bad', words.say('waiting'));
  const signature = key.sign('petition-withdraw', { petition: places.petition, entry: standing.index });
  await call(`${places.credentials}/${key.public}/withdraw`, { signature });
  return tell('roll', 'good', words.say('withdrawn'));
}

/** @param {(key: SigningKey) => Promise<void>} act */
async function run(act) {
  const key = busy ? null : typedKey();
  if (key === null) return;
  busy = true;
  tell('roll', 'wait', words.say('working'));
  try {
    await act(key);
    code.value = '';
  } catch (error) {
    tell('roll', 'bad', error instanceof TypeError ? words.say('failed') : error instanceof Error ? error.message : String(error));
  } finally {
    busy = false;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void run(sign);
});
part('roll-withdraw', HTMLButtonElement).addEventListener('click', () => void run(withdraw));
form.hidden = false;
