import { outputSchema, type OutputConfig } from './capture.js';
import { envReferenceProblems } from './env-references.js';
import { formatProblem, validate } from './problems.js';

/** Reads one output of a capture as written and tells everything that is wrong with it, a line each: `output.url: ...`. Never throws. */
export function parseOutputEntry(
  input: unknown,
): { readonly output: OutputConfig } | { readonly problems: readonly string[] } {
  const result = validate(outputSchema, input);
  const problems = [...('problems' in result ? result.problems : []), ...envReferenceProblems(input)];
  if ('config' in result && problems.length === 0) return { output: result.config };
  const named = problems.map((problem) => ({ ...problem, path: ['output', ...problem.path] }));
  return { problems: named.map(formatProblem) };
}
