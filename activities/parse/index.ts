export { decodeBody, type CharsetHint, type DecodedBody } from './charset/decode-body.js';
export { parseDate } from './dates/parse-date.js';
export { parseBody, type ParseInput, type ParseOutcome } from './parse-body.js';
export { Parser, type ParserOptions } from './parse-apart.js';
export { ParseFailure } from './parse-failure.js';
