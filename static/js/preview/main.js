/**
 * A draft's questions in the booth's own screens, for officials: each can be tried, and says what it would say to a voter.
 * @module
 */
import { el, isolated, readData } from '../booth/dom.js';
import { describeChoice, drawQuestion } from '../booth/questions/index.js';
import { arranged } from '../booth/questions/order.js';
import { Media } from '../booth/questions/pictures.js';
import { Words } from '../booth/words.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../booth/questions/order.js').Order} Order */

const words = new Words(/** @type {Record<string, string>} */ (readData('booth-words')), document.documentElement.lang || 'en', document.documentElement.dataset.timeZone);
const { contests, orders, files } = /** @type {{contests: Contest[], orders: Record<string, Order>, files: string}} */ (readData('booth-draft'));

const media = new Media(async (path) => {
  const response = await fetch(files + path.replace(/^media\//, 'files/'), { credentials: 'same-origin', redirect: 'error' });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
});
const voice = document.getElementById('booth-voice');
const root = document.getElementById('preview-booth');

contests.forEach((contest, place) => {
  const order = orders[contest.id];
  const seen = arranged(contest, order, null);
  const title = `preview-title-${place}`;
  const question = drawQuestion(seen, undefined, { words, media, order, title, announce: (text) => voice?.replaceChildren(text) });
  const said = el('div', { role: 'status' });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const reading = question.read();
    const lines = 'fault' in reading ? [reading.fault] : describeChoice(seen, reading.choice, words);
    said.className = `notice notice-${'fault' in reading ? 'wait' : 'good'}`;
    said.replaceChildren(...lines.map((line) => el('p', {}, isolated(line))));
  };
  // Ids of controls are those of the booth, where one question is shown at a time: here each gets its own.
  question.node.querySelectorAll('[id], [for], [name], [aria-describedby]').forEach((one) => rename(one, place));
  root?.append(el('section', { class: 'panel', 'aria-labelledby': title },
    el('h2', { id: title }, isolated(words.pick(contest.title) || '–')),
    el('form', { class: 'booth-form', novalidate: true, autocomplete: 'off', submit }, question.node, el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'btn btn-primary' }, words.say('continue'))), said)));
});

/**
 * @param {Element} element
 * @param {number} place
 */
function rename(element, place) {
  for (const name of ['id', 'for', 'name', 'aria-describedby']) {
    const value = element.getAttribute(name);
    if (value !== null && value !== '') element.setAttribute(name, `q${place}-${value}`);
  }
}
