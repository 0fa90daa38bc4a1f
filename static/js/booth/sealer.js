/**
 * What the worker does: powers while the voter reads, then a ballot from them, then perhaps its audit. Each preparation serves one ballot.
 * @module
 */
import { openBallot, prepareContest, sealBallot } from '../protocol/ballot.js';
import { compileContest, powersOf } from '../protocol/contests.js';
import { PublicKey, ShortPowers } from '../protocol/paillier.js';
import { plan } from '../protocol/plans.js';
import { totalWeight } from '../protocol/proofs.js';
import { randomBits } from '../protocol/random.js';

/** @typedef {import('../protocol/manifest.js').Contest} Contest */
/** @typedef {import('../protocol/contests.js').Choice} Choice */
/** @typedef {import('../protocol/ballot.js').BallotJson} BallotJson */
/** @typedef {import('../protocol/ballot.js').PreparedContest} PreparedContest */
/** @typedef {{done: number, total: number}} Progress counted in n-th powers */

/** How many powers building the two combs takes about as long as. */
const COMBS = 20;

/** Seals ballots for one voter. */
export class Sealer {
  /** @type {ShortPowers|null} */
  #powers = null;
  /** @type {PreparedContest[]|null} */
  #prepared = null;
  /** @type {{ballot: BallotJson, contests: {id: string, values: bigint[], rho: bigint[]}[]}|null} */
  #sealed = null;
  #key;
  #contests;
  #random;

  /**
   * @param {bigint} n
   * @param {Contest[]} contests of the voter's ballot style, in its order
   * @param {import('../protocol/random.js').RandomBits} [random]
   */
  constructor(n, contests, random = randomBits) {
    this.#key = new PublicKey(n);
    this.#random = random;
    this.#contests = contests.map((contest) => ({ contest, layout: compileContest(contest, this.#key.slots) }));
  }

  /**
   * Do all that does not depend on the vote, unless it is done.
   * @returns {Generator<Progress, void>}
   */
  *prepare() {
    if (this.#prepared !== null) return;
    const layouts = this.#contests.map(({ layout }) => layout);
    const total = COMBS + layouts.reduce((sum, layout) => sum + powersOf(layout), 0);
    let done = 0;
    yield { done, total };
    if (this.#powers === null) {
      const weights = layouts.flatMap((layout) => layout.statements.map(totalWeight));
      this.#powers = new ShortPowers(this.#key, weights.reduce((most, one) => (one > most ? one : most), 1n));
    }
    done = COMBS;
    yield { done, total };
    const prepared = [];
    for (const layout of layouts) {
      const steps = prepareContest(this.#powers, layout, this.#random);
      let step = steps.next();
      for (; !step.done; step = steps.next()) yield { done: (done += 1), total };
      prepared.push(step.value);
    }
    this.#prepared = prepared;
  }

  /**
   * Seal a ballot; what was prepared is used up.
   * @param {import('../protocol/ballot.js').Heading} heading
   * @param {Record<string, Choice>} choices by contest
   * @returns {{ballot: BallotJson, tracker: string}}
   * @throws {ProtocolError} "contest" when a choice is not allowed
   */
  seal(heading, choices) {
    const [powers, prepared] = [this.#powers, this.#prepared];
    if (powers === null || prepared === null) throw new Error('Nothing is prepared yet: run prepare() to its end first.');
    this.#prepared = null;
    const contests = this.#contests.map(({ contest, layout }, i) => ({ id: contest.id, layout, plaintexts: plan(contest, layout, choices[contest.id]), prepared: prepared[i] }));
    const { ballot, tracker, randomness } = sealBallot(powers, heading, contests);
    this.#sealed = { ballot, contests: contests.map(({ id, plaintexts }, i) => ({ id, values: plaintexts, rho: randomness[i] })) };
    return { ballot, tracker };
  }

  /**
   * Open the ballot that was sealed last; it can never be cast after this.
   * @returns {{ballot: BallotJson, openings: import('../protocol/ballot.js').Opening[]}}
   */
  open() {
    const [powers, sealed] = [this.#powers, this.#sealed];
    if (powers === null || sealed === null) throw new Error('No ballot is sealed.');
    this.#sealed = null;
    return openBallot(powers, sealed.ballot, sealed.contests);
  }

  /** Forget the ballot that was sealed last. */
  discard() {
    this.#sealed = null;
  }
}
