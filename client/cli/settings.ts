import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './errors.js';
import type { GatewaySettings } from './jobs/gateway-address.js';

/** Config file that is used when none is named. */
export const CONFIG_FILE_DEFAULT = 'holdfast.yaml';
const DATA_DIR_DEFAULT = './data';

/** The few settings that a command needs to find the server and the recordings. */
export interface ClientSettings {
  /** Absolute. */
  readonly dataDir: string;
  /** Address of the store, secrets not filled in. */
  readonly storeUrl: string;
  readonly profile: string | undefined;
  readonly address: string | undefined;
  readonly namespace: string | undefined;
  /** As written; the token with its secrets not filled in. */
  readonly gateway: GatewaySettings;
}

/** The config file named with `-c`, or `./holdfast.yaml` where there is one; undefined when neither. */
export function findConfigFile(named: string | undefined): string | undefined {
  if (named === undefined) return existsSync(CONFIG_FILE_DEFAULT) ? CONFIG_FILE_DEFAULT : undefined;
  if (!existsSync(named)) throw new UsageError(`-c ${named}: no such file`);
  return named;
}

/** As `findConfigFile`, for commands that cannot do without. */
export function requireConfigFile(named: string | undefined): string {
  const file = findConfigFile(named);
  if (file !== undefined) return file;
  throw new UsageError(
    `no configuration: name one with -c FILE, or make ./${CONFIG_FILE_DEFAULT} (holdfast.example.yaml is a start)`,
  );
}

/**
 * Reads where the server and the recordings are. Does not check the rest of the file: a mistake in an entry must not
 * keep anybody from looking at what is running.
 */
export async function readClientSettings(named: string | undefined): Promise<ClientSettings> {
  const file = findConfigFile(named);
  if (file === undefined) {
    return {
      dataDir: resolve(DATA_DIR_DEFAULT),
      storeUrl: storeUrlOf(undefined, '.', resolve(DATA_DIR_DEFAULT)),
      profile: undefined,
      address: undefined,
      namespace: undefined,
      gateway: { listen: undefined, token: undefined },
    };
  }
  const { parseConfigDocument } = await import('../config-file/document.js');
  const parsed = parseConfigDocument(readFileSync(file, 'utf8'));
  if ('errors' in parsed) {
    const [first] = parsed.errors;
    throw new UsageError(`${file}:${first?.line ?? 1}: ${first?.message ?? 'cannot be read'}`);
  }
  const document = parsed.content;
  const temporal = field(document, 'temporal');
  const gateway = field(document, 'gateway');
  const dataDir = resolve(dirname(file), text(document, 'data_dir') ?? DATA_DIR_DEFAULT);
  return {
    dataDir,
    storeUrl: storeUrlOf(text(document, 'store'), dirname(file), dataDir),
    profile: text(temporal, 'profile'),
    address: text(temporal, 'address'),
    namespace: text(temporal, 'namespace'),
    gateway: { listen: text(gateway, 'listen'), token: text(gateway, 'token') },
  };
}

/** As the workers read it: relative paths count from the file. */
function storeUrlOf(written: string | undefined, base: string, dataDir: string): string {
  const path = /^sqlite:(.+)$/.exec(written ?? `sqlite:${dataDir}/holdfast.db`)?.[1];
  return path === undefined ? (written ?? '') : `sqlite:${resolve(base, path)}`;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
