/** Variables by name, e.g. `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A `${env:NAME}` names a variable that is not set where it is needed. */
export class MissingSecretError extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`the environment variable ${variable} is not set (named by \${env:${variable}})`);
    this.name = 'MissingSecretError';
    this.variable = variable;
  }
}

/** Names of all variables that `text` refers to, each once, in order of appearance. */
export function referencedVariables(text: string): string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map((match) => match[1] as string))];
}

/**
 * Replaces every `${env:NAME}` by the variable's value, at the moment of use. Values are not expanded again.
 * @throws {MissingSecretError} when a variable is not set or empty: an empty key never helps and is hard to see.
 */
export function expandSecrets(text: string, env: Environment): string {
  return text.replaceAll(REFERENCE, (_reference, variable: string) => {
    const value = env[variable];
    if (value === undefined || value === '') throw new MissingSecretError(variable);
    return value;
  });
}

/** Expands the values of a record, e.g. of headers; names are taken as they are. */
export function expandSecretValues(
  record: Readonly<Record<string, string>>,
  env: Environment,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, expandSecrets(value, env)]));
}
