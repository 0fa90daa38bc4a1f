/**
 * The booth's page starts here.
 * @module
 */
import { Api } from './api.js';
import { Booth } from './booth.js';
import { readStanding } from './clock.js';
import { readData } from './dom.js';
import { Words } from './words.js';

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

const words = new Words(/** @type {Record<string, string>} */ (readData('booth-words')), document.documentElement.lang || 'en', document.documentElement.dataset.timeZone);
const places = /** @type {import('./api.js').Places} */ (readData('booth-places'));
const page = { root: part('booth'), bar: part('booth-bar'), standing: part('booth-standing'), clock: part('booth-clock'), voice: part('booth-voice') };
const booth = new Booth(page, words, places, new Api(places));

window.addEventListener('popstate', (event) => booth.revisit(event.state));
window.addEventListener('beforeunload', (event) => {
  if (booth.unfinished) event.preventDefault();
});
window.addEventListener('pagehide', () => booth.clear());
// A page that the browser kept for its back button has been cleared: begin anew.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') booth.time.wake();
});

const visit = /** @type {PerformanceNavigationTiming|undefined} */ (performance.getEntriesByType('navigation')[0]);
const standing = readStanding(readData('booth-now'));
if (standing === null) throw new Error('The page does not say how the election stands.');
booth.time.hear(standing, performance.timeOrigin + (visit?.responseStart ?? 0));
await booth.load(standing, visit?.type === 'reload' || visit?.type === 'back_forward');
