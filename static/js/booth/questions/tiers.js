/**
 * A ranking as places, best first; where ties are allowed a place holds several options. Pure: every move gives a new ranking.
 * @module
 */

/** @typedef {string[][]} Tiers */

/**
 * @param {Tiers} tiers
 * @param {string} id
 * @returns {number} its place, from 0; -1 when it is not ranked
 */
export function placeOf(tiers, id) {
  return tiers.findIndex((tier) => tier.includes(id));
}

/**
 * @param {Tiers} tiers
 * @param {string} id
 * @returns {Tiers} without it
 */
export function remove(tiers, id) {
  return tiers.map((tier) => tier.filter((one) => one !== id)).filter((tier) => tier.length > 0);
}

/**
 * @param {Tiers} tiers
 * @param {string} id
 * @returns {Tiers} with it in a new last place
 */
export function add(tiers, id) {
  return [...remove(tiers, id), [id]];
}

/**
 * Move one place up or down: out of a shared place into one of its own, else past the neighbouring place.
 * @param {Tiers} tiers
 * @param {string} id
 * @param {-1|1} by -1 is better
 * @returns {Tiers}
 */
export function move(tiers, id, by) {
  const at = placeOf(tiers, id);
  if (at < 0) return tiers;
  const others = remove(tiers, id);
  if (tiers[at].length > 1) return insert(others, by < 0 ? at : at + 1, id);
  return insert(others, Math.min(Math.max(at + by, 0), others.length), id);
}

/**
 * Put an option level with the place above it.
 * @param {Tiers} tiers
 * @param {string} id
 * @returns {Tiers}
 */
export function join(tiers, id) {
  const at = placeOf(tiers, id);
  if (at < 1) return tiers;
  const above = tiers[at - 1];
  return remove(tiers, id).map((tier) => (tier[0] === above[0] ? [...tier, id] : tier));
}

/**
 * @param {Tiers} tiers
 * @param {number} at
 * @param {string} id
 * @returns {Tiers}
 */
function insert(tiers, at, id) {
  return [...tiers.slice(0, at), [id], ...tiers.slice(at)];
}
