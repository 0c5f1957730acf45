import { crossProblems } from './cross-checks.js';
import { envReferenceProblems } from './env-references.js';
import { configSchema, type Config } from './file.js';
import { validate, type ConfigProblem } from './problems.js';

/** A configuration that holds, or everything that is wrong with it. */
export type ConfigCheck = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** Checks a whole document as written and tells all problems at once. Never throws. */
export function checkConfig(input: unknown): ConfigCheck {
  const document = withoutEmptySections(input);
  const result = validate(configSchema, document);
  const further = [...envReferenceProblems(document), ...crossProblems(document)];
  const problems = [...('problems' in result ? result.problems : []), ...further];
  if ('config' in result && problems.length === 0) return result;
  return { problems };
}

/** A section whose entries are all commented out reads as null and means that it is not there. */
function withoutEmptySections(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
