export { classify } from './classify.js';
export { classifyHttp, type HttpClassification } from './http/classify-http.js';
export { explainEntry, type EntryResult, type ExplainedEntry } from './jsonl.js';
export { headline } from './media-text.js';
export { reportOf, type ExplainReport } from './report.js';
export { explainHttp, explainMedia, type Explained } from './words.js';
export type { Classification, Disposition } from './types.js';
