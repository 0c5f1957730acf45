import type { HttpCause } from '../../../causes.js';
import type { Rule } from '../../types.js';
import { CLASS_NAME_RULES } from './class-names.js';
import { CONNECTION_RULES } from './connection.js';
import { CONTENT_RULES } from './content.js';
import { GUESS_RULES } from './guess.js';
import { PAIR_RULES } from './guess-by-pair.js';
import { LIVE_RULES } from './live.js';
import { NAME_RULES } from './names.js';
import { OWN_SIDE_RULES } from './own-side.js';
import { REFUSAL_RULES } from './refusal.js';
import { TLS_RULES } from './tls.js';

/** Every rule for HTTP errors; among rules of equal strength the first one decides. */
export const HTTP_RULES: readonly Rule<HttpCause>[] = [
  ...OWN_SIDE_RULES,
  ...LIVE_RULES,
  ...CONTENT_RULES,
  ...CLASS_NAME_RULES,
  ...REFUSAL_RULES,
  ...NAME_RULES,
  ...TLS_RULES,
  ...CONNECTION_RULES,
  ...PAIR_RULES,
  ...GUESS_RULES,
];
