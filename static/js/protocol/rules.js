/**
 * The rule of a contest (protocol, section 9): a closed list. The browser does not count; it refuses a manifest whose rules nobody could follow.
 * @module
 */
import { take } from './codec.js';
import { demand } from './errors.js';

/**
 * @typedef {{name: "plurality"|"schulze"|"borda", seats: number}
 *   | {name: "majority", percent: number, turnout_percent: number, of: string}
 *   | {name: "budget", budget: number, costs: number[]}} Rule
 */

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} low
 * @param {number} [high]
 * @returns {number}
 */
export function whole(value, name, low, high = Number.MAX_SAFE_INTEGER) {
  demand(typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high, 'manifest',
    `The manifest's ${name} is not a whole number from ${low} to ${high}.`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} kind of the contest
 * @param {string[]} options their ids
 * @param {string} abstain
 * @returns {Rule}
 */
export function parseRule(value, kind, options, abstain) {
  demand(typeof value === 'object' && value !== null && 'name' in value, 'manifest', 'A contest has no rule.');
  const name = value.name;
  if (name === 'plurality' || name === 'schulze' || name === 'borda') {
    demand((name === 'plurality') === (kind !== 'rank'), 'manifest', `The rule ${name} does not go with a contest of the kind ${kind}.`);
    return { name, seats: whole(take(value, ['name', 'seats'], 'manifest').seats, 'seats', 1, options.length) };
  }
  if (name === 'majority') {
    demand(kind === 'choose', 'manifest', `The rule majority does not go with a contest of the kind ${kind}.`);
    const rule = take(value, ['name', 'percent', 'turnout_percent', 'of'], 'manifest');
    const of = rule.of;
    demand(typeof of === 'string' && of !== abstain && options.includes(of), 'manifest', 'A majority is asked of something that is not an option.');
    return { name, percent: whole(rule.percent, 'percent', 0, 100), turnout_percent: whole(rule.turnout_percent, 'turnout_percent', 0, 100), of };
  }
  demand(name === 'budget' && kind !== 'rank', 'manifest', 'A contest has a rule that is not known or does not go with its kind.');
  const rule = take(value, ['name', 'budget', 'costs'], 'manifest');
  demand(Array.isArray(rule.costs) && rule.costs.length === options.length, 'manifest', 'A budget does not give one cost an option.');
  return { name, budget: whole(rule.budget, 'budget', 0), costs: rule.costs.map((cost) => whole(cost, 'cost', 0)) };
}
