/**
 * A line that comes and goes: ask again, with longer and longer pauses, which end at once when the line or the page is back.
 * @module
 */
import { Unreachable } from './unreachable.js';

const FIRST_MS = 1000;
const MOST_MS = 15_000;

/** Whether the device itself knows that it has no line. */
export const offline = () => globalThis.navigator?.onLine === false;

/**
 * Wait, but not longer than until the line is back or the page is seen again (timers of a hidden page are slow).
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function pause(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      globalThis.document?.removeEventListener('visibilitychange', seen);
      resolve();
    };
    const seen = () => {
      if (document.visibilityState === 'visible') done();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.('online', done);
    globalThis.document?.addEventListener('visibilitychange', seen);
  });
}

/**
 * Do something again and again until the server can be reached; any other error goes on at once.
 * @template T
 * @param {() => Promise<T>} act
 * @param {(seconds: number) => void} tell how long the next pause is
 * @param {(ms: number) => Promise<void>} [wait]
 * @returns {Promise<T>}
 */
export async function persist(act, tell, wait = pause) {
  for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(MOST_MS, 2 * pauseMs)) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    tell(Math.round(pauseMs / 1000));
    await wait(pauseMs);
  }
}
