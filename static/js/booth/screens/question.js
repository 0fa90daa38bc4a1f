/**
 * One contest a screen.
 * @module
 */
import { el } from '../dom.js';
import { drawQuestion } from '../questions/index.js';
import { beforeQuestions, besideQuestions } from './before.js';
import { actions, button, showFault } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @param {number} index of the contest in the voter's ballot style
 * @returns {import('../booth.js').Screen}
 */
export function questionScreen(booth, index) {
  const { words } = booth;
  const { contests } = booth.session;
  const contest = contests[index];
  const { changing } = booth;
  booth.stand('wait');
  const question = drawQuestion(contest, booth.choices.get(contest.id), { words, announce: (text) => booth.announce(text), title: 'booth-title', media: booth.media, order: booth.orders.get(contest.id) });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const reading = question.read();
    if ('fault' in reading) {
      showFault(form, words, reading.fault, reading.target);
      return;
    }
    booth.choices.set(contest.id, reading.choice);
    booth.changing = false;
    booth.go(changing || index + 1 === contests.length ? 'review' : `question-${index + 1}`);
  };
  const back = () => {
    booth.changing = false;
    booth.go(changing ? 'review' : `question-${index - 1}`);
  };
  const form = el('form', { class: 'booth-form', novalidate: true, autocomplete: 'off', submit },
    question.node,
    actions(el('button', { type: 'submit', class: 'btn btn-primary', id: 'booth-continue' }, words.say(changing ? 'continue-review' : 'continue')), changing || index > 0 ? button('back', words, back, 'secondary') : null));
  const first = index === 0 && !changing;
  return {
    title: words.pick(contest.title),
    body: [contests.length > 1 ? el('p', { class: 'soft booth-step' }, words.say('question-of', { index: index + 1, total: contests.length })) : null, first ? beforeQuestions(booth) : null, form, first ? besideQuestions(booth) : null],
  };
}
