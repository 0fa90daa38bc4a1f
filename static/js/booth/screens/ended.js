/**
 * Voting ended, or the election was annulled, while this voter was in the booth.
 * @module
 */
import { el } from '../dom.js';
import { actions, button, notice, trackerText } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function endedScreen(booth) {
  const { words, places } = booth;
  const { me } = booth.session;
  const annulled = booth.time.phase === 'annulled';
  booth.stand('wait');
  return {
    title: words.say(annulled ? 'ended-annulled-title' : 'ended-title'),
    body: [
      notice('bad', el('p', {}, words.say(annulled ? 'ended-annulled-text' : 'ended-text'))),
      annulled ? null : el('p', {}, words.say('ended-at'), ' ', words.times(booth.time.closesAt), '.'),
      annulled ? null : el('p', {}, words.say(me.previous ? 'ended-earlier' : 'ended-none')),
      me.previous && !annulled ? el('p', {}, trackerText(me.previous)) : null,
      actions(el('a', { class: 'btn btn-primary', href: places.election }, words.say('to-election')), button('look-again', words, () => void booth.time.lookAgain(), 'secondary'),
        el('a', { class: 'btn btn-secondary', href: `${places.help}#late` }, words.say('to-help'))),
    ],
  };
}
