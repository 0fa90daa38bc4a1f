/**
 * The one kind of proof: a linear combination of cells lies in a finite set (protocol, section 4;
 * Cramer–Damgård–Schoenmakers over Guillou–Quisquater, short exponents after Damgård–Jurik–Nielsen).
 * @module
 */
import { demand } from './errors.js';
import { inverse, mod, power } from './numbers.js';
import { evaluate } from './contests.js';
import { CHALLENGE_BITS } from './paillier.js';

/** @typedef {import('./contests.js').Statement} Statement */
/** @typedef {import('./paillier.js').PublicKey} PublicKey */
/** @typedef {import('./paillier.js').ShortPowers} ShortPowers */
/** @typedef {import('./random.js').RandomBits} RandomBits */
/** @typedef {{a: bigint[], e: bigint[], z: bigint[]}} Proof one number a branch */
/** @typedef {{rho: bigint, mask: bigint}} Mask mask = h_n^ρ */
/** @typedef {{e: bigint, z: bigint, power: bigint}} Simulated power = h_n^(ζ − e·ρ_D) */
/** @typedef {{rho: bigint, sigma: bigint, a: bigint, simulated: Simulated[]}} Prepared everything of a proof that does not depend on the vote */
/** @typedef {{a: bigint[], e: bigint[], z: bigint[], real: number, prepared: Prepared}} Committed */

const CHALLENGE_MASK = (1n << BigInt(CHALLENGE_BITS)) - 1n;

/**
 * Σ|weight|
 * @param {Statement} statement
 * @returns {bigint}
 */
export function totalWeight(statement) {
  return statement.terms.reduce((sum, { weight }) => sum + (weight < 0n ? -weight : weight), 0n);
}

/**
 * Draw the randomness of a cell.
 * @param {ShortPowers} powers
 * @param {RandomBits} random
 * @returns {Mask}
 */
export function prepareMask(powers, random) {
  const rho = random(powers.randomnessBits);
  return { rho, mask: powers.masks.power(rho) };
}

/**
 * The real branch's commitment, which branch it will be nobody knows yet.
 * @param {ShortPowers} powers
 * @param {Statement} statement
 * @param {Mask[]} masks of all cells
 * @param {RandomBits} random
 * @returns {Prepared} without simulated branches
 */
export function prepareReal(powers, statement, masks, random) {
  const rho = statement.terms.reduce((sum, { cell, weight }) => sum + weight * masks[cell].rho, 0n);
  const sigma = random(powers.maskBits(totalWeight(statement)));
  return { rho, sigma, a: powers.masks.power(sigma), simulated: [] };
}

/**
 * One simulated branch.
 * @param {ShortPowers} powers
 * @param {Statement} statement
 * @param {bigint} rho ρ_D
 * @param {RandomBits} random
 * @returns {Simulated}
 */
export function prepareSimulated(powers, statement, rho, random) {
  const e = random(CHALLENGE_BITS);
  const zeta = random(powers.maskBits(totalWeight(statement)));
  return { e, z: powers.roots.power(zeta), power: powers.masks.power(zeta - e * rho) };
}

/**
 * Put the vote into a prepared proof: only products are left.
 * @param {PublicKey} key
 * @param {Statement} statement
 * @param {bigint[]} plaintexts of all cells
 * @param {Prepared} prepared used once, never again
 * @returns {Committed}
 * @throws {ProtocolError} "contest" when the statement does not hold
 */
export function commit(key, statement, plaintexts, prepared) {
  const m = evaluate(statement, plaintexts);
  const real = statement.values.indexOf(m);
  demand(real >= 0, 'contest', 'A choice is not allowed in this contest.');
  /** @type {Committed} */
  const committed = { a: [], e: [], z: [], real, prepared };
  statement.values.forEach((value, j) => {
    if (j === real) {
      committed.a.push(prepared.a);
      committed.e.push(0n);
      committed.z.push(0n);
      return;
    }
    const { e, z, power: blinded } = prepared.simulated[j < real ? j : j - 1];
    committed.a.push((blinded * key.constant((value - m) * e)) % key.nSquared);
    committed.e.push(e);
    committed.z.push(z);
  });
  return committed;
}

/**
 * Answer the ballot's challenge.
 * @param {ShortPowers} powers
 * @param {Committed} committed
 * @param {bigint} challenge
 * @returns {Proof}
 */
export function respond(powers, committed, challenge) {
  const { n } = powers.key;
  const { real, prepared } = committed;
  const others = committed.e.reduce((sum, one) => sum + one, 0n);
  const e = mod(challenge - others, CHALLENGE_MASK + 1n);
  const z = powers.roots.power(prepared.sigma + e * prepared.rho);
  const smaller = (/** @type {bigint} */ one) => (2n * one > n ? n - one : one);
  return {
    a: committed.a,
    e: committed.e.map((one, j) => (j === real ? e : one)),
    z: committed.z.map((one, j) => smaller(j === real ? z : one)),
  };
}

/**
 * D = (1 + constant·n)·∏ cell^weight mod n².
 * @param {PublicKey} key
 * @param {Statement} statement
 * @param {bigint[]} cells
 * @returns {bigint}
 */
function combination(key, statement, cells) {
  let above = key.constant(statement.constant);
  let below = 1n;
  for (const { cell, weight } of statement.terms) {
    const factor = power(cells[cell], weight < 0n ? -weight : weight, key.nSquared);
    if (weight < 0n) below = (below * factor) % key.nSquared;
    else above = (above * factor) % key.nSquared;
  }
  return below === 1n ? above : (above * inverse(below, key.nSquared)) % key.nSquared;
}

/**
 * Check one proof by the plain definition.
 * @param {PublicKey} key
 * @param {Statement} statement
 * @param {bigint[]} cells units modulo n²
 * @param {Proof} proof
 * @param {bigint} challenge of the whole ballot
 * @throws {ProtocolError} "proof"
 */
export function verifyStatement(key, statement, cells, proof, challenge) {
  const { n, nSquared } = key;
  const count = statement.values.length;
  demand(proof.a.length === count && proof.e.length === count && proof.z.length === count, 'proof', 'A proof has a wrong number of branches.');
  demand((proof.e.reduce((sum, one) => sum + one, 0n) & CHALLENGE_MASK) === challenge, 'proof', 'The challenges of a proof do not add up.');
  const D = combination(key, statement, cells);
  statement.values.forEach((value, j) => {
    const [a, z] = [proof.a[j], proof.z[j]];
    demand(a < nSquared && key.isUnit(a), 'proof', 'A commitment is not a unit.');
    demand(2n * z <= n - 1n && key.isUnit(z), 'proof', 'A response is out of its range.');
    const left = power(z, n, nSquared);
    const right = (a * power((D * key.constant(-value)) % nSquared, proof.e[j], nSquared)) % nSquared;
    demand((left * left) % nSquared === (right * right) % nSquared, 'proof', 'A proof does not hold.');
  });
}
