import { formatPath } from '../../core/config/problems.js';

/** One error in a file. */
export interface ConfigError {
  /** Counted from 1; 1:1 when the whole file is meant. */
  readonly line: number;
  readonly column: number;
  /** e.g. `streams[0].recovery.quick_retries`; empty when the whole file or its syntax is meant. */
  readonly key: string;
  /** The value as it stands; undefined when it is missing or must not be shown. */
  readonly value: unknown;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** Something worth saying about a file that holds. */
export type ConfigWarning = ConfigError;

/** Lines that the text of an error holds; the list itself is complete. */
const LINES_MAX = 200;

/** Everything that is wrong with a file, sorted by line. */
export class ConfigErrors extends Error {
  readonly file: string;
  readonly errors: readonly ConfigError[];
  constructor(file: string, errors: readonly ConfigError[]) {
    super(formatConfigErrors(file, errors));
    this.name = 'ConfigErrors';
    this.file = file;
    this.errors = errors;
  }
}

/** Errors or warnings as lines: `holdfast.yaml:12:5 streams[0].host: "a b" is not allowed; expected ...`. */
export function formatConfigErrors(file: string, errors: readonly ConfigError[]): string {
  const lines = errors.slice(0, LINES_MAX).map((error) => {
    const key = error.key === '' ? '' : `${error.key}: `;
    return `${file}:${error.line}:${error.column} ${key}${error.message}`;
  });
  const left = errors.length - lines.length;
  return [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}

/** Order of a list of errors: by line, then column, then key. */
export function sortErrors(errors: readonly ConfigError[]): ConfigError[] {
  return [...errors].sort(
    (left, right) =>
      left.line - right.line || left.column - right.column || left.key.localeCompare(right.key),
  );
}

/** The name of a key as errors print it. */
export const keyName = formatPath;
