/**
 * What the booth needs only after the first question: it comes while the voter reads.
 * @module
 */
export { checkElection } from '../protocol/election.js';
export { Caster } from './caster.js';
export { SealerClient, startWorker } from './client.js';
export { isGenuine } from './genuine.js';
export { auditScreen, auditingScreen } from './screens/audit.js';
export { castingScreen } from './screens/casting.js';
export { doneScreen } from './screens/done.js';
export { sealedScreen } from './screens/sealed.js';
export { stoppedScreen } from './screens/stopped.js';
