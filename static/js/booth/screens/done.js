/**
 * The vote is cast: the receipt, to keep and to print, and the way to the ballot on the board.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { shortTracker, voterNumber } from '../../protocol/credentials.js';
import { Unreachable } from '../api.js';
import { download, el, isolated } from '../dom.js';
import { actions, button, codeText, facts, trackerText } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function doneScreen(booth) {
  const { words, outcome, places, api } = booth;
  const { election } = booth.session;
  if (outcome?.state !== 'cast') return { title: words.say('problem-title'), body: el('p', {}, words.say('problem-unknown')) };
  const { receipt } = outcome;
  booth.stand('cast');
  booth.choices.clear();
  booth.sealed = null;
  booth.caster = null;
  booth.sealer.stop();
  const leave = async () => {
    try {
      await api.call('POST', '/logout', {});
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    location.assign(places.election);
  };
  return {
    title: words.say('done-title'),
    body: [
      el('p', {}, words.say('done-text')),
      el('section', { class: 'panel booth-receipt', 'aria-labelledby': 'receipt-title' },
        el('h2', { id: 'receipt-title' }, words.say('receipt')),
        el('p', {}, isolated(words.pick(election.manifest.title))),
        el('div', { class: 'booth-receipt-row' },
          facts([
            [words.say('tracker'), trackerText(receipt.tracker, 'tracker')],
            [words.say('voter-number'), codeText(voterNumber(receipt.voter))],
            [words.say('receipt-place'), words.number(receipt.index)],
            [words.say('receipt-time'), words.time(receipt.time)],
            [words.say('fingerprint'), el('span', { class: 'code' }, receipt.election)],
          ]),
          el('img', { class: 'booth-qr', src: `${places.qr}${receipt.tracker}.svg`, width: 180, height: 180, alt: words.say('receipt-qr') }))),
      actions(
        button('save-receipt', words, () => download(`receipt-${shortTracker(receipt.tracker).slice(0, 5)}.json`, canonical(receipt))),
        button('print', words, () => window.print(), 'secondary'),
        el('a', { class: 'btn btn-secondary', id: 'booth-find', href: `${places.board}?q=${shortTracker(receipt.tracker)}`, target: '_blank', rel: 'noopener' }, words.say('find'))),
      el('ul', { class: 'no-print' },
        el('li', {}, words.say('done-number')),
        el('li', {}, words.say('done-secret')),
        el('li', {}, el('a', { href: `${places.verify}#${shortTracker(receipt.tracker)}`, target: '_blank', rel: 'noopener' }, words.say('done-check'))),
        el('li', {}, words.say('done-again'))),
      actions(button('leave', words, () => void leave(), 'secondary')),
    ],
  };
}
