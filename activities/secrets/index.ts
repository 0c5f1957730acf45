export { expandSecretValues, expandSecrets, MissingSecretError, type Environment } from './expand.js';
export { concealSecrets, neutraliseReferences, redact, secretsIn } from './redact.js';
