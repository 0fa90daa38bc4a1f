/**
 * Put options in an order with buttons that a keyboard reaches: add, up, down, level with the one above, take out.
 * @module
 */
import { el } from '../dom.js';
import { optionLines, tallyLine } from './question.js';
import { add, join, move, placeOf, remove } from './tiers.js';

/** @typedef {import('./tiers.js').Tiers} Tiers */

/**
 * @param {import('../../protocol/manifest.js').Rank} contest
 * @param {Tiers|undefined} before
 * @param {import('./question.js').Frame} frame
 * @returns {import('./question.js').Question}
 */
export function drawRank(contest, before, { words, announce, title, media }) {
  /** @type {Tiers} */
  let tiers = before ?? [];
  const tally = tallyLine();
  const ranked = el('ol', { class: 'booth-ranked', 'aria-label': words.say('rank-yours') });
  const waiting = el('ul', { class: 'booth-waiting', 'aria-label': words.say('rank-waiting') });
  const node = el('div', { role: 'group', class: 'field booth-field', id: 'option-0', tabindex: -1, 'aria-labelledby': title },
    el('p', { class: 'hint' }, words.say(contest.ties ? 'rank-hint-ties' : 'rank-hint')),
    el('h2', { class: 'booth-small-heading' }, words.say('rank-yours')), ranked,
    el('h2', { class: 'booth-small-heading' }, words.say('rank-waiting')), waiting, tally.node);

  /**
   * Change the ranking, say what happened, and keep the focus where the person is.
   * @param {Tiers} next
   * @param {string} id
   * @param {string} action
   */
  const change = (next, id, action) => {
    tiers = next;
    draw();
    const name = nameOf(id);
    const place = placeOf(tiers, id);
    const level = place >= 0 && tiers[place].length > 1;
    announce(place < 0 ? words.say('rank-out', { name }) : words.say(level ? 'rank-level' : 'rank-now', { name, place: place + 1, total: tiers.length }));
    const wanted = [...node.querySelectorAll('button')].filter((one) => one.dataset.option === id);
    (wanted.find((one) => one.dataset.action === action && !one.disabled) ?? wanted.find((one) => !one.disabled) ?? node.querySelector('button') ?? node).focus();
  };

  /** @param {string} id @returns {string} */
  const nameOf = (id) => words.pick(contest.options.find((option) => option.id === id)?.label ?? {});

  /**
   * @param {string} id
   * @param {string} action
   * @param {string} sign
   * @param {() => Tiers} next
   * @param {boolean} [disabled]
   * @returns {HTMLButtonElement}
   */
  const button = (id, action, sign, next, disabled = false) => el('button', {
    type: 'button', class: 'btn btn-secondary booth-move', disabled, 'data-option': id, 'data-action': action,
    'aria-label': words.say(`rank-${action}`, { name: nameOf(id) }), title: words.say(`rank-${action}`, { name: nameOf(id) }), click: () => change(next(), id, action),
  }, el('span', { 'aria-hidden': 'true' }, sign));

  const draw = () => {
    ranked.replaceChildren(...tiers.flatMap((tier, place) => tier.map((id, within) => {
      const option = contest.options.find((one) => one.id === id);
      const alone = tier.length === 1;
      return el('li', { class: within > 0 ? 'booth-place booth-level' : 'booth-place', value: place + 1 },
        el('span', { class: 'booth-place-number', 'aria-hidden': 'true' }, words.number(place + 1)),
        el('span', { class: 'booth-place-name' }, option ? optionLines(option, words, media) : id),
        el('span', { class: 'booth-moves' },
          button(id, 'up', '\u2191', () => move(tiers, id, -1), alone && place === 0),
          button(id, 'down', '\u2193', () => move(tiers, id, 1), alone && place === tiers.length - 1),
          contest.ties ? button(id, 'join', '=', () => join(tiers, id), place === 0) : null,
          button(id, 'remove', '\u2715', () => remove(tiers, id))));
    })));
    if (tiers.length === 0) ranked.replaceChildren(el('li', { class: 'booth-none soft' }, words.say('rank-nobody')));
    const left = contest.options.filter(({ id }) => placeOf(tiers, id) < 0);
    waiting.replaceChildren(...left.map((option) => el('li', { class: 'booth-place' },
      el('span', { class: 'booth-place-name' }, optionLines(option, words, media)),
      el('button', { type: 'button', class: 'btn btn-secondary', 'data-option': option.id, 'data-action': 'add', 'aria-label': words.say('rank-add', { name: words.pick(option.label), place: tiers.length + 1 }), click: () => change(add(tiers, option.id), option.id, 'up') },
        words.say('rank-add-short', { place: tiers.length + 1 })))));
    if (left.length === 0) waiting.replaceChildren(el('li', { class: 'booth-none soft' }, words.say('rank-all')));
    tally.show(left.length === 0 ? '' : words.say(contest.ties ? 'rank-left-ties' : 'rank-left', { left: left.length }));
  };
  draw();
  return {
    node,
    read() {
      const left = contest.options.length - tiers.flat().length;
      if (!contest.ties && left > 1) return { fault: words.say('fault-rank', { left }), target: 'option-0' };
      return { choice: tiers };
    },
  };
}
