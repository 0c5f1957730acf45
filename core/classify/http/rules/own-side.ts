import type { HttpCause } from '../../../causes.js';
import { anyOf, STRENGTH, type Rule } from '../../types.js';

/** What this program, its settings or this machine do not do, whatever the other side answers. */
export const OWN_SIDE_RULES: readonly Rule<HttpCause>[] = [
  {
    name: 'program is not able to',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /ImportError|ModuleNotFoundError|No module named|Cannot find module|ERR_MODULE_NOT_FOUND|ClassNotFoundException|NoClassDefFoundError/,
      /command not found|is not recognized as an internal|unrecognized option|option .{1,40}(?:is unknown|requires (?:a )?parameter)|unknown option/,
      /(?:allow_url_fopen|allow_url_include)\b|unable to find the wrapper|call to undefined (?:function|method)|undefined symbol/,
      /reason: :badarg|expects parameter \d|PHP (?:Fatal|Parse) error|must be of (?:the )?type|unexpected keyword argument|missing \d{1,2} required positional|NotImplementedError|symbol lookup error|cannot open shared object/,
    ),
    why: 'What is not installed or not written is not there at the next try either.',
  },
  {
    name: 'rules of browsers and systems forbid the request',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /not allowed by access-control|access[- ]control checks|(?:header field|method) .{1,60}is not allowed by|preflight (?:response|request)/,
      /content security policy|violates .{0,60}directive|mixed content|ERR_BLOCKED_BY_(?:CLIENT|CSP|RESPONSE|ORB|ADMINISTRATOR)|CLEARTEXT communication|NetworkOnMainThread/,
      /missing INTERNET permission|ERR_CLEARTEXT_NOT_PERMITTED|requested an insecure/,
    ),
    unless: /blocked by CORS policy/i,
    why: 'Such a request never leaves as long as neither side changes its settings.',
  },
  {
    name: 'request was built wrongly',
    cause: 'other',
    disposition: 'fatal',
    strength: STRENGTH.decisive,
    pattern: anyOf(
      /UND_ERR_REQ_CONTENT_LENGTH_MISMATCH|RequestContentLengthMismatch|ERR_INVALID_ARG_TYPE|ERR_HTTP_INVALID_HEADER_VALUE|ERR_INVALID_CHAR\b/,
      /body (?:is )?(?:unusable|already (?:used|read|consumed)|has already been)|ERR_HTTP_HEADERS_SENT|duplex option is required/,
      /request with GET\/HEAD method cannot have body|invalid (?:header (?:name|value)|request header)|invalid character in header content/,
    ),
    why: 'The same request is as wrong at the next try.',
  },
];
