/**
 * What a tab has kept is believed as little as what a server sends.
 * @module
 */
import { ProtocolError } from '../protocol/errors.js';
import { verifyPromise, verifyReceipt } from '../protocol/receipts.js';

/**
 * @param {import('./keep.js').Kept} kept
 * @param {import('../protocol/receipts.js').BoardIdentity} board
 * @returns {boolean} whether the board has signed what it is said to have signed
 */
export function isGenuine({ cast, promise, receipt }, board) {
  try {
    if (receipt !== null) verifyReceipt(receipt, cast, board);
    if (promise !== null) verifyPromise(promise, cast, board);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
