import { envReferences } from '../../core/config/env-references.js';
import { valueAt } from '../../core/config/introspect.js';

/** A warning before its place in the file is known. */
interface Warning {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly message: string;
}

/** Keys that hold a secret, wherever they stand. */
const SECRET_KEYS = new Set(['token', 'secret', 'cookies']);
const HEADERS_WITH_SECRETS = /^(?:authorization|cookie|proxy-authorization|x-api-key|x-auth-token)$/i;

/** Deepest nesting that is looked into; a configuration has about six levels. */
const DEPTH_MAX = 64;

/** What is allowed but worth saying: secrets in clear, variables that are not set, captures without outputs. */
export function warningsOf(content: unknown, env: NodeJS.ProcessEnv): Warning[] {
  return [...clearSecrets(content), ...unsetVariables(content, env), ...idleCaptures(content)];
}

function clearSecrets(value: unknown, path: readonly (string | number)[] = []): Warning[] {
  if (typeof value === 'string') {
    if (!isSecretPath(path) || value.includes('${env:')) return [];
    const message = 'the secret stands here in clear; write it as ${env:NAME} and set the variable instead';
    return [{ path, value: undefined, message }];
  }
  if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => clearSecrets(item, [...path, key]));
}

function isSecretPath(path: readonly (string | number)[]): boolean {
  const key = String(path.at(-1));
  return SECRET_KEYS.has(key) || (path.at(-2) === 'headers' && HEADERS_WITH_SECRETS.test(key));
}

function unsetVariables(content: unknown, env: NodeJS.ProcessEnv): Warning[] {
  return envReferences(content)
    .filter(({ name }) => env[name] === undefined)
    .map(({ name, path }) => ({
      path,
      value: undefined,
      message: `the environment variable ${name} is not set here; it must be set where this is used`,
    }));
}

function idleCaptures(content: unknown): Warning[] {
  const captures = valueAt(content, ['captures']);
  if (!Array.isArray(captures)) return [];
  return captures.flatMap((capture, index): Warning[] => {
    const outputs = valueAt(capture, ['outputs']);
    if (Array.isArray(outputs) && outputs.length > 0) return [];
    return [
      {
        path: ['captures', index],
        value: undefined,
        message: 'has no outputs yet, so nothing is recorded or sent',
      },
    ];
  });
}
