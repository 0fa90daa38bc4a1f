/**
 * The ballot is on its way; nothing is called cast before the receipt is checked.
 * @module
 */
import { el } from '../dom.js';
import { offline } from '../line.js';
import { Unreachable } from '../unreachable.js';
import { trackerText } from './parts.js';

const LONG_SECONDS = 20;

/**
 * @param {import('../caster.js').Stage} stage
 * @returns {string} key of the sentence
 */
function sentenceOf(stage) {
  if (stage.state === 'retrying') return offline() ? 'casting-offline' : 'casting-retrying';
  if (stage.state === 'promised') return stage.seconds < LONG_SECONDS ? 'casting-promised' : 'casting-long';
  return 'casting-sending';
}

/**
 * Find out more about why a ballot was not taken: the code may have been replaced or struck meanwhile, the election annulled and not just closed.
 * @param {import('../booth.js').Booth} booth
 * @param {string} code as the server gave it
 * @param {string} voter
 * @returns {Promise<string>} a code for `stopped`
 */
async function whyRejected(booth, code, voter) {
  try {
    if (code === 'not_open') {
      booth.time.hear(await booth.api.standing(), Date.now());
      return booth.time.phase === 'annulled' ? 'annulled' : code;
    }
    if (code !== 'forbidden') return code;
    const { replaced, struck } = await booth.api.withdrawn();
    return replaced.includes(voter) ? 'replaced' : struck.includes(voter) ? 'struck' : code;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return code;
  }
}

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function castingScreen(booth) {
  const { words, caster } = booth;
  const line = el('p', { class: 'booth-stage', role: 'status', 'aria-live': 'polite' });
  booth.stand('sending');
  /** @param {import('../caster.js').Stage} stage */
  const tell = (stage) => {
    const text = words.say(sentenceOf(stage), 'seconds' in stage ? { seconds: stage.seconds } : {});
    if (line.textContent !== text) line.textContent = text;
  };
  void caster?.run(tell).then(async (outcome) => {
    if (outcome.state === 'rejected') outcome.code = await whyRejected(booth, outcome.code, caster.cast.voter);
    if (booth.caster !== caster) return; // the page was left
    booth.outcome = outcome;
    if (outcome.state === 'cast') {
      booth.keep.write({ cast: caster.cast, ballot: null, promise: null, receipt: outcome.receipt });
      booth.stand('cast');
    } else if (outcome.state === 'refused' || outcome.state === 'rejected') booth.keep.clear();
    booth.go(outcome.state === 'cast' ? 'done' : 'stopped', true);
  }, (error) => booth.fail('problem-unknown', error));
  return {
    title: words.say('casting-title'),
    body: [line, el('progress', { class: 'booth-progress', 'aria-label': words.say('casting-title') }), el('p', {}, words.say('casting-stay')), el('p', {}, trackerText(booth.tracker))],
  };
}
