/**
 * The page "How signatures are counted": checking one's own receipt.
 * @module
 */
import { fetchBytes, part, places, tell, words } from './page.js';
import { checkReceipt } from './receipt.js';

const form = part('check-form', HTMLFormElement);
const file = part('check-file', HTMLInputElement);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = file.files?.[0];
  part('check-error', HTMLElement).textContent = given === undefined ? words.say('unreadable') : '';
  if (given === undefined) return file.focus();
  tell('check', 'wait', words.say('working'));
  void given.arrayBuffer().then(async (data) => {
    const found = await checkReceipt(new Uint8Array(data), (name) => fetchBytes(`${places.record}${name}`));
    const values = { index: found.index ?? 0, removal: found.removal ?? 0, reason: words.say(`reason-${found.reason ?? ''}`) };
    tell('check', found.say === 'removed' ? 'wait' : found.good ? 'good' : 'bad', words.say(found.say, values), found.say);
  });
});
form.hidden = false;
