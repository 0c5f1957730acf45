/** Recording: a source into segments on disk, and a manifest that says what is there and what is missing. */
export { createCommandHandler } from './command-handler.js';
export { branchFolders, type BranchFolders } from './folders.js';
export { createRecordHandler, type RecordHandlerOptions } from './record-handler.js';
