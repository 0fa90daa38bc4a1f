/**
 * The module worker around a sealer: it works in small steps, so that it hears the page in between.
 * @module
 */
import { ProtocolError } from '../protocol/errors.js';
import { Sealer } from './sealer.js';

/**
 * @typedef {{type: "start", n: bigint, contests: import('../protocol/manifest.js').Contest[]}
 *   | {type: "seal", heading: import('../protocol/ballot.js').Heading, choices: Record<string, import('../protocol/contests.js').Choice>}
 *   | {type: "open"} | {type: "discard"}} Request
 * @typedef {{type: "progress", done: number, total: number} | {type: "ready"}
 *   | {type: "sealed", ballot: import('../protocol/ballot.js').BallotJson, tracker: string}
 *   | {type: "opened", audit: {ballot: import('../protocol/ballot.js').BallotJson, openings: import('../protocol/ballot.js').Opening[]}}
 *   | {type: "failed", message: string}} Answer
 */

const SLICE_MS = 20;
const REPORT_MS = 100;

/** @type {Sealer|null} */
let sealer = null;
/** @type {Generator<import('./sealer.js').Progress, void>|null} */
let steps = null;
let reported = 0;

/** @param {Answer} answer */
const tell = (answer) => self.postMessage(answer);

/**
 * Work for a slice of time.
 * @param {number} until as performance.now() counts
 */
function work(until) {
  while (steps !== null && performance.now() < until) {
    const { done, value } = steps.next();
    if (done) {
      steps = null;
      tell({ type: 'ready' });
    } else if (performance.now() - reported > REPORT_MS) {
      reported = performance.now();
      tell({ type: 'progress', ...value });
    }
  }
}

const pace = new MessageChannel();
pace.port1.onmessage = () => {
  work(performance.now() + SLICE_MS);
  if (steps !== null) pace.port2.postMessage(null);
};

/** Begin, or begin anew, to prepare. @param {Sealer} one */
function prepare(one) {
  steps = one.prepare();
  pace.port2.postMessage(null);
}

/** @param {Request} request */
function answer(request) {
  if (request.type === 'start') {
    sealer = new Sealer(request.n, request.contests);
    prepare(sealer);
    return;
  }
  if (sealer === null) throw new Error('The worker was not started.');
  if (request.type === 'seal') {
    if (steps === null) steps = sealer.prepare();
    work(Infinity);
    tell({ type: 'sealed', ...sealer.seal(request.heading, request.choices) });
  } else if (request.type === 'open') {
    tell({ type: 'opened', audit: sealer.open() });
    prepare(sealer);
  } else {
    sealer.discard();
    prepare(sealer);
  }
}

self.onmessage = ({ data }) => {
  try {
    answer(data);
  } catch (error) {
    // What went wrong may be shown; what was being sealed is never part of it.
    tell({ type: 'failed', message: error instanceof ProtocolError ? error.message : String(error) });
  }
};
