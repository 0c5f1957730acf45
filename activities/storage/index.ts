/** The disk under a recording: room, rights, and what is said and done about them. */
export { storageEvidence } from './evidence.js';
export { expiredSegments, hasRetention, type ExpiredSegment, type StoredSegment } from './expired.js';
export { lookAtStorage, type StorageLook } from './look.js';
export { reserveWatchState, StorageWatch, type StorageWatchOptions } from './storage-watch.js';
export { watermarksOf, type Watermarks } from './watermarks.js';
