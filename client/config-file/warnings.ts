import { envReferences } from '../../core/config/env-references.js';
import { configSchema } from '../../core/config/index.js';
import { factsOf, schemaAt, valueAt } from '../../core/config/introspect.js';
import { sharedDevices, sharedTargets } from '../../core/config/shared-by-captures.js';

/** A warning before its place in the file is known. */
interface Warning {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly message: string;
}

const HEADERS_WITH_SECRETS = /^(?:authorization|cookie|proxy-authorization|x-api-key|x-auth-token)$/i;

/** Deepest nesting that is looked into; a configuration has about six levels. */
const DEPTH_MAX = 64;

/** What is allowed but worth saying: secrets in clear, variables that are not set, captures that get nowhere or into each other's way. */
export function warningsOf(content: unknown, env: NodeJS.ProcessEnv): Warning[] {
  return [
    ...clearSecrets(content),
    ...unsetVariables(content, env),
    ...idleCaptures(content),
    ...sharedDevices(content),
    ...sharedTargets(content),
  ];
}

function clearSecrets(
  content: unknown,
  value: unknown = content,
  path: readonly (string | number)[] = [],
): Warning[] {
  if (typeof value === 'string') {
    if (!isSecretPath(path, content) || value.includes('${env:')) return [];
    const message = 'the secret stands here in clear; write it as ${env:NAME} and set the variable instead';
    return [{ path, value: undefined, message }];
  }
  if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => clearSecrets(content, item, [...path, key]));
}

/** A key that the schema calls a secret, or a header that usually holds one. */
function isSecretPath(path: readonly (string | number)[], content: unknown): boolean {
  if (path.at(-2) === 'headers' && HEADERS_WITH_SECRETS.test(String(path.at(-1)))) return true;
  const schema = schemaAt(configSchema, path, content);
  return schema !== undefined && factsOf(schema).secret === true;
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
