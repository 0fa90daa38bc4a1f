/**
 * A ballot: made, written, read, checked; its tracker and its audit (protocol, section 6).
 * @module
 */
import { decodeBytes, decodeChallenge, decodeNumber, digest, encodeBytes, encodeChallenge, encodeNumber, take, takeArray } from './codec.js';
import { demand } from './errors.js';
import { fromBytes } from './numbers.js';
import { checkPlan, totals } from './plans.js';
import { commit, prepareMask, prepareReal, prepareSimulated, respond, verifyStatement } from './proofs.js';

/** @typedef {import('./contests.js').Layout} Layout */
/** @typedef {import('./paillier.js').PublicKey} PublicKey */
/** @typedef {import('./paillier.js').ShortPowers} ShortPowers */
/** @typedef {import('./proofs.js').Mask} Mask */
/** @typedef {import('./proofs.js').Prepared} Prepared */
/** @typedef {import('./proofs.js').Proof} Proof */
/** @typedef {{id: string, layout: Layout}} ContestLayout */
/** @typedef {{a: string[], e: string[], z: string[]}} ProofJson */
/** @typedef {{version: 1, election: string, voter: string, previous: string, contests: {id: string, cells: string[], proofs: ProofJson[]}[]}} BallotJson */
/** @typedef {{id: string, values: string[], randomness: string[]}} Opening */
/** @typedef {{masks: Mask[], proofs: Prepared[]}} PreparedContest */
/** @typedef {{election: string, voter: string, previous: string}} Heading */
/** @typedef {{id: string, values: bigint[], randomness: bigint[]}} OpenContest */

/**
 * Do everything for a contest that does not depend on the vote, one power at a time.
 * @param {ShortPowers} powers
 * @param {Layout} layout
 * @param {import('./random.js').RandomBits} random
 * @returns {Generator<void, PreparedContest>} yields after each n-th power, as many as `powersOf` says
 */
export function* prepareContest(powers, layout, random) {
  /** @type {PreparedContest} */
  const prepared = { masks: [], proofs: [] };
  for (let cell = 0; cell < layout.cells; cell++) {
    prepared.masks.push(prepareMask(powers, random));
    yield;
  }
  for (const statement of layout.statements) {
    const proof = prepareReal(powers, statement, prepared.masks, random);
    prepared.proofs.push(proof);
    yield;
    for (let j = 1; j < statement.values.length; j++) {
      proof.simulated.push(prepareSimulated(powers, statement, proof.rho, random));
      yield;
    }
  }
  return prepared;
}

/**
 * The challenge of a ballot: over all of it, with only the commitments kept in each proof.
 * @param {BallotJson} ballot
 * @returns {bigint}
 */
export function challengeOf(ballot) {
  const contests = ballot.contests.map((contest) => ({ ...contest, proofs: contest.proofs.map(({ a }) => ({ a })) }));
  return fromBytes(digest('challenge', { ...ballot, contests }).subarray(0, 16));
}

/**
 * @param {BallotJson} ballot
 * @returns {string} base64url
 */
export function trackerOf(ballot) {
  return encodeBytes(digest('ballot', ballot));
}

/**
 * Seal a ballot from prepared powers: only products are left, and one power modulo n for each statement.
 * @param {ShortPowers} powers
 * @param {Heading} heading
 * @param {(ContestLayout & {plaintexts: bigint[], prepared: PreparedContest})[]} contests in the order of the voter's ballot style; what is prepared serves once
 * @returns {{ballot: BallotJson, tracker: string, randomness: bigint[][]}} randomness: the ρ of each contest's cells
 * @throws {ProtocolError} "contest" when a choice is not allowed
 */
export function sealBallot(powers, heading, contests) {
  const { key } = powers;
  const number = (/** @type {bigint} */ value) => encodeNumber(value, key.width);
  const square = (/** @type {bigint} */ value) => encodeNumber(value, 2 * key.width);
  const committed = contests.map(({ id, layout, plaintexts, prepared }) => {
    checkPlan(layout, plaintexts);
    return {
      id,
      cells: plaintexts.map((m, cell) => square((key.constant(m) * prepared.masks[cell].mask) % key.nSquared)),
      proofs: layout.statements.map((statement, i) => commit(key, statement, plaintexts, prepared.proofs[i])),
    };
  });
  /** @type {BallotJson} */
  const ballot = {
    version: 1,
    election: heading.election,
    voter: heading.voter,
    previous: heading.previous,
    contests: committed.map(({ id, cells, proofs }) => ({ id, cells, proofs: proofs.map(({ a }) => ({ a: a.map(square), e: [], z: [] })) })),
  };
  const challenge = challengeOf(ballot);
  committed.forEach(({ proofs }, c) => {
    proofs.forEach((proof, i) => {
      const { e, z } = respond(powers, proof, challenge);
      Object.assign(ballot.contests[c].proofs[i], { e: e.map(encodeChallenge), z: z.map(number) });
    });
  });
  return { ballot, tracker: trackerOf(ballot), randomness: contests.map(({ prepared }) => prepared.masks.map(({ rho }) => rho)) };
}

/**
 * What an audit hands out: the plaintexts and the randomness r = h^ρ of every cell.
 * @param {ShortPowers} powers
 * @param {BallotJson} ballot
 * @param {{id: string, values: bigint[], rho: bigint[]}[]} contests
 * @returns {{ballot: BallotJson, openings: Opening[]}}
 */
export function openBallot(powers, ballot, contests) {
  const number = (/** @type {bigint} */ value) => encodeNumber(value, powers.key.width);
  return {
    ballot,
    openings: contests.map(({ id, values, rho }) => ({ id, values: values.map(number), randomness: rho.map((one) => number(powers.roots.power(one))) })),
  };
}

/**
 * Read a ballot's numbers, refusing every other shape.
 * @param {unknown} value
 * @param {PublicKey} key
 * @param {ContestLayout[]} style the contests that it must have, in order
 * @returns {{heading: Heading, contests: {cells: bigint[], proofs: Proof[]}[]}}
 * @throws {ProtocolError} "encoding", "contest", "proof"
 */
export function parseBallot(value, key, style) {
  const ballot = take(value, ['version', 'election', 'voter', 'previous', 'contests']);
  demand(ballot.version === 1, 'encoding', 'A ballot is of another version of the protocol.');
  const [election, voter, previous] = [ballot.election, ballot.voter, ballot.previous];
  decodeBytes(election, 32);
  decodeBytes(voter, 32);
  if (previous !== '') decodeBytes(previous, 32);
  const given = takeArray(ballot.contests);
  demand(given.length === style.length, 'contest', 'A ballot does not have the contests of its ballot style.');
  const contests = given.map((one, i) => {
    const { id, layout } = style[i];
    const contest = take(one, ['id', 'cells', 'proofs']);
    demand(contest.id === id, 'contest', 'A ballot does not have the contests of its ballot style.');
    const [cells, proofs] = [takeArray(contest.cells), takeArray(contest.proofs)];
    demand(cells.length === layout.cells && proofs.length === layout.statements.length, 'contest', 'A contest has a wrong number of cells or proofs.');
    return {
      cells: cells.map((cell) => decodeNumber(cell, 2 * key.width)),
      proofs: proofs.map((proof, j) => parseProof(proof, key, layout.statements[j].values.length)),
    };
  });
  return { heading: { election: String(election), voter: String(voter), previous: String(previous) }, contests };
}

/**
 * @param {unknown} value
 * @param {PublicKey} key
 * @param {number} branches
 * @returns {Proof}
 */
function parseProof(value, key, branches) {
  const { a, e, z } = take(value, ['a', 'e', 'z']);
  const lists = [takeArray(a), takeArray(e), takeArray(z)];
  demand(lists.every((list) => list.length === branches), 'contest', 'A proof has a wrong number of branches.');
  return {
    a: lists[0].map((one) => decodeNumber(one, 2 * key.width)),
    e: lists[1].map(decodeChallenge),
    z: lists[2].map((one) => decodeNumber(one, key.width)),
  };
}

/**
 * Check all proofs of a ballot, one by one, by the plain definition. Slow: for tests and audits.
 * @param {BallotJson} ballot
 * @param {PublicKey} key
 * @param {ContestLayout[]} style
 * @throws {ProtocolError} "encoding", "contest", "proof"
 */
export function verifyBallot(ballot, key, style) {
  const { contests } = parseBallot(ballot, key, style);
  for (const { cells } of contests) {
    for (const cell of cells) demand(cell < key.nSquared && key.isUnit(cell), 'proof', 'A cell is not a unit.');
  }
  const challenge = challengeOf(ballot);
  contests.forEach(({ cells, proofs }, c) => {
    style[c].layout.statements.forEach((statement, i) => verifyStatement(key, statement, cells, proofs[i], challenge));
  });
}

/**
 * Check an audit file: each cell is the encryption of the value that it shows.
 * @param {unknown} value
 * @param {PublicKey} key
 * @param {ContestLayout[]} style
 * @returns {{tracker: string, totals: bigint[][]}} what each contest's options got
 * @throws {ProtocolError} "encoding", "contest", "proof"
 */
export function checkAudit(value, key, style) {
  const audit = take(value, ['ballot', 'openings']);
  const { contests } = parseBallot(audit.ballot, key, style);
  const ballot = /** @type {BallotJson} */ (/** @type {unknown} */ (audit.ballot));
  verifyBallot(ballot, key, style);
  const openings = takeArray(audit.openings);
  demand(openings.length === style.length, 'contest', 'An audit file does not open the contests of its ballot.');
  const found = openings.map((one, c) => {
    const { id, layout } = style[c];
    const opening = take(one, ['id', 'values', 'randomness']);
    demand(opening.id === id, 'contest', 'An audit file does not open the contests of its ballot.');
    const values = takeArray(opening.values).map((m) => decodeNumber(m, key.width));
    const randomness = takeArray(opening.randomness).map((r) => decodeNumber(r, key.width));
    demand(values.length === layout.cells && randomness.length === layout.cells, 'contest', 'An audit file does not open each cell.');
    values.forEach((m, cell) => {
      demand(m < key.n && randomness[cell] < key.n && key.isUnit(randomness[cell]), 'proof', 'An audit file holds a number out of its range.');
      demand(key.encrypt(m, randomness[cell]) === contests[c].cells[cell], 'proof', 'A ballot does not hold the choice that its audit file shows.');
    });
    return totals(layout, values);
  });
  return { tracker: trackerOf(ballot), totals: found };
}
