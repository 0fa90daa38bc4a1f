/**
 * The ballot is on its way; nothing is called cast before the receipt is checked.
 * @module
 */
import { el } from '../dom.js';
import { trackerText } from './parts.js';

const LONG_SECONDS = 20;

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function castingScreen(booth) {
  const { words, sealed, caster } = booth;
  const line = el('p', { class: 'booth-stage', role: 'status', 'aria-live': 'polite' });
  booth.stand('sending');
  /** @param {import('../caster.js').Stage} stage */
  const tell = (stage) => {
    let text = words.say('casting-sending');
    if (stage.state === 'retrying') text = words.say('casting-retrying', { seconds: stage.seconds });
    if (stage.state === 'promised') text = words.say(stage.seconds < LONG_SECONDS ? 'casting-promised' : 'casting-long');
    if (line.textContent !== text) line.textContent = text;
  };
  void caster?.run(tell).then((outcome) => {
    booth.outcome = outcome;
    if (outcome.state === 'cast') booth.stand('cast');
    booth.go(outcome.state === 'cast' ? 'done' : 'stopped', true);
  }, (error) => booth.fail('problem-unknown', error));
  return {
    title: words.say('casting-title'),
    body: [line, el('progress', { class: 'booth-progress', 'aria-label': words.say('casting-title') }), el('p', {}, words.say('casting-stay')), el('p', {}, trackerText(sealed?.tracker ?? ''))],
  };
}
