/**
 * Encrypting: for a moment, or until the key is here.
 * @module
 */
import { el } from '../dom.js';
import { offline } from '../line.js';
import { progress } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function sealingScreen(booth) {
  const { words } = booth;
  const bar = progress(words, words.say('sealing-title'));
  const line = el('p', { role: 'status' });
  booth.onprepared = () => {
    bar.set(booth.prepared);
    line.textContent = booth.election !== null ? '' : words.say(offline() ? 'line-offline' : 'sealing-key');
  };
  booth.onprepared();
  return { title: words.say('sealing-title'), body: [el('p', {}, words.say('sealing-text')), bar.node, line] };
}
