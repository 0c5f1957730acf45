/** The configuration: schemas, and the check that reads one. */
export { checkConfig, type ConfigCheck } from './check.js';
export { configSchema, type Config, type ConfigInput } from './file.js';
export { parseInstanceInput, type InstanceConfigs, type InstanceKind } from './instance.js';
export { configJsonSchema } from './json-schema.js';
export { sinkName, type SinkConfig } from './notify.js';
export { formatPath, formatProblem, type ConfigProblem } from './problems.js';
