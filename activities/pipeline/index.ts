export { ContinuityCounter } from './continuity.js';
export { hubInputArguments, hubOutputUrl } from './hub.js';
export { createIngestHandler, type IngestHandlerOptions } from './ingest-handler.js';
export { createPushHandler, type PushHandlerOptions } from './push-handler.js';
