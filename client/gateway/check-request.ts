import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import {
  formatPath,
  formatProblem,
  showValue,
  validate,
  type ConfigProblem,
} from '../../core/config/problems.js';
import type { ProblemPlace } from './problem.js';

/** Parts of a request as people call them. */
const PART_NAMES: Readonly<Record<string, string>> = { querystring: 'query' };

/** Values of this kind and length are repeated as they are. */
const VALUE_LENGTH_MAX = 200;

/** A request that its route does not allow: names the first key that is wrong; the message names all. */
export class InvalidRequestError extends Error {
  readonly statusCode = 400;
  readonly place: ProblemPlace;

  constructor(part: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => sentenceOf(part, problem)).join('\n'));
    this.name = 'InvalidRequestError';
    const [first] = problems;
    this.place = first === undefined ? {} : placeOf(part, first);
  }
}

/** Checks parts of a request by the schema of the route, with the words that the configuration is checked with. */
export const checkRequest: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = PART_NAMES[httpPart ?? ''] ?? httpPart ?? 'request';
  return (data: unknown) => {
    const result = validate(schema, data ?? undefined);
    if ('config' in result) return { value: result.config };
    return { error: new InvalidRequestError(part, result.problems) };
  };
};

function sentenceOf(part: string, problem: ConfigProblem): string {
  const sentence = formatProblem(problem);
  return problem.path.length === 0 ? `${part}: ${sentence}` : `${part}.${sentence}`;
}

function placeOf(part: string, { path, value, message }: ConfigProblem): ProblemPlace {
  // Every sentence of the check ends with what is allowed.
  const allowed = /(?:; expected|allowed here:) (.+)$/s.exec(message)?.[1];
  return {
    key: path.length === 0 ? part : `${part}.${formatPath(path)}`,
    ...(value === undefined ? {} : { value: shortened(value) }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function shortened(value: unknown): unknown {
  const small = typeof value === 'string' ? value.length <= VALUE_LENGTH_MAX : typeof value !== 'object';
  return small && value !== undefined ? value : showValue(value);
}
