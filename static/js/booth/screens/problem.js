/**
 * Something that the booth cannot go on with.
 * @module
 */
import { el } from '../dom.js';
import { actions, button, notice } from './parts.js';

/**
 * @param {import('../booth.js').Booth} booth
 * @returns {import('../booth.js').Screen}
 */
export function problemScreen({ words, problem, places }) {
  return {
    title: words.say('problem-title'),
    body: [
      notice('bad', el('p', {}, words.say(problem?.key ?? 'problem-unknown'))),
      problem?.detail ? el('p', { class: 'soft small' }, problem.detail) : null,
      actions(button('reload', words, () => location.reload()), el('a', { class: 'btn btn-secondary', href: places.election }, words.say('to-election'))),
    ],
  };
}
