/** Recording: a source into segments on disk, and a manifest that says what is there and what is missing. */
export type { FeedAbsence } from './branch.js';
export { createCommandHandler } from './command-handler.js';
export { branchFolders, type BranchFolders } from './folders.js';
export { createHubRecordHandler, type HubRecordHandlerOptions } from './hub-record-handler.js';
export { createRecordHandler, type RecordHandlerOptions } from './record-handler.js';
