/**
 * Everything chosen, before it is encrypted.
 * @module
 */
import { el, isolated } from '../dom.js';
import { describeChoice } from '../questions/index.js';
import { actions, button, notice } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function reviewScreen(booth) {
  const { words } = booth;
  const { contests } = booth.session;
  booth.stand('wait');
  const change = (/** @type {number} */ index) => {
    booth.changing = true;
    booth.go(`question-${index}`);
  };
  const rows = contests.map((contest, index) => {
    const choice = booth.choices.get(contest.id);
    const title = words.pick(contest.title);
    return el('section', { class: 'panel booth-review', 'aria-labelledby': `review-${index}` },
      el('h2', { id: `review-${index}` }, isolated(title)),
      el('ul', {}, choice === undefined ? el('li', {}, words.say('review-missing')) : describeChoice(contest, choice, words).map((line) => el('li', {}, isolated(line)))),
      el('button', { type: 'button', class: 'btn btn-secondary', 'aria-label': words.say('change-named', { title }), click: () => change(index) }, words.say('change')));
  });
  const missing = contests.findIndex(({ id }) => !booth.choices.has(id));
  return {
    title: words.say('review-title'),
    body: [
      booth.audit === null ? el('p', {}, words.say('review-text')) : notice('wait', el('p', {}, words.say('review-after-audit'))),
      rows,
      actions(missing < 0 ? button('encrypt', words, () => booth.seal()) : button('answer-missing', words, () => booth.go(`question-${missing}`)),
        button('back', words, () => booth.go(`question-${contests.length - 1}`), 'secondary')),
    ],
  };
}
