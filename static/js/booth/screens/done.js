/**
 * The vote is cast: the receipt, to keep, to print and to pass on, and an honest way to check it on another device.
 * @module
 */
import { canonical } from '../../protocol/codec.js';
import { shortTracker, voterNumber } from '../../protocol/credentials.js';
import { canShare, download, el, isolated, share } from '../dom.js';
import { Unreachable } from '../unreachable.js';
import { actions, button, codeText, explained, facts, trackerText } from './parts.js';

/** So many signs of a tracker find one ballot among millions. */
const SHORT = 11;

/**
 * A mail to oneself. It holds what stands on the board anyway, and never an answer.
 * @param {import('../booth.js').Booth} booth
 * @param {import('../../protocol/receipts.js').Receipt} receipt
 * @returns {string} its address
 */
function mailAddress({ words, places, opening }, receipt) {
  const title = words.pick(opening.manifest.title);
  const text = words.say('mail-text', { title, tracker: shortTracker(receipt.tracker), link: `${places.check}#${receipt.tracker}` });
  return `mailto:?subject=${encodeURIComponent(words.say('mail-subject', { title }))}&body=${encodeURIComponent(text)}`;
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function doneScreen(booth) {
  const { words, outcome, places, api } = booth;
  if (outcome?.state !== 'cast') return { title: words.say('problem-title'), body: el('p', {}, words.say('problem-unknown')) };
  const { receipt } = outcome;
  booth.stand('cast');
  booth.choices.clear();
  booth.sealed = null;
  booth.caster = null;
  booth.stopSealing();
  const code = shortTracker(receipt.tracker);
  const name = `receipt-${code.slice(0, 5)}.json`;
  const leave = async () => {
    booth.keep.clear();
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
        el('p', {}, isolated(words.pick(booth.opening.manifest.title))),
        el('div', { class: 'booth-receipt-row' },
          facts([
            [words.say('tracker'), trackerText(receipt.tracker, 'tracker')],
            [words.say('voter-number'), codeText(voterNumber(receipt.voter))],
            [words.say('receipt-place'), words.number(receipt.index)],
            [words.say('receipt-time'), words.time(receipt.time)],
            [words.say('fingerprint'), el('span', { class: 'code' }, receipt.election)],
            [words.say('receipt-check'), el('span', { class: 'code' }, places.short)],
          ]),
          el('figure', { class: 'booth-qr-frame' },
            el('img', { class: 'booth-qr', src: `${places.qr}${receipt.tracker}.svg`, width: 180, height: 180, alt: words.say('receipt-qr') }),
            el('figcaption', { class: 'soft small' }, words.say('receipt-qr-text'))))),
      actions(
        button('save-receipt', words, () => download(name, canonical(receipt))),
        button('print', words, () => window.print(), 'secondary'),
        canShare() ? button('share-receipt', words, () => void share(name, canonical(receipt)), 'secondary') : null,
        el('a', { class: 'btn btn-secondary', id: 'booth-mail', href: mailAddress(booth, receipt) }, words.say('mail-receipt'))),
      el('ul', {},
        el('li', {}, words.say('done-number')),
        el('li', {}, words.say('done-secret')),
        el('li', {}, words.say('done-again'))),
      explained(booth, words.say('again-what'), words.say('again-what-text'), 'voting-again'),
      el('section', { 'aria-labelledby': 'check-title' },
        el('h2', { id: 'check-title', class: 'booth-heading' }, words.say('check-title')),
        el('p', {}, words.say('check-text')),
        el('ol', { class: 'steps' },
          el('li', {}, el('p', {}, words.say('check-scan'))),
          el('li', {}, el('p', {}, words.say('check-open'), ' ', el('span', { class: 'code' }, places.short)), el('p', {}, words.say('check-type'), ' ', el('strong', { class: 'tracker', id: 'short-code' }, code.slice(0, SHORT)))),
          el('li', {}, el('p', {}, words.say('check-file')))),
        el('p', {}, words.say('check-shows')),
        el('p', {}, words.say('check-shows-not')),
        el('p', {}, el('a', { id: 'booth-find', href: `${places.verify}#${receipt.tracker}`, target: '_blank', rel: 'noopener' }, words.say('find')))),
      el('p', {}, words.say('done-shared')),
      actions(button('leave', words, () => void leave(), 'secondary')),
    ],
  };
}
