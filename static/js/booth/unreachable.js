/**
 * @module
 */

/** The server could not be reached, or answered with something that is not JSON. */
export class Unreachable extends Error {}
