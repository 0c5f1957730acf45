import { readFile } from 'node:fs/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ConnectionOptions } from '../../core/connection-options.js';
import { parseServerFile, serverFilePath } from '../../core/server-file.js';

/** Where a Temporal server is when nothing says otherwise. */
export const DEFAULT_ADDRESS = '127.0.0.1:7233';
const DEFAULT_NAMESPACE = 'default';

/** Variables that name a server; TEMPORAL_NAMESPACE alone only names a namespace on the server found otherwise. */
const SERVER_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_API_KEY',
] as const;

/** What is known about the server before anything is looked up. */
export interface ConnectionRequest {
  /** `host:port`, from a flag or from `temporal.address` of the config. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** Profile of Temporal's own configuration file, from a flag or from `temporal.profile`. */
  readonly profile?: string | undefined;
  /** Where `up` writes down its embedded server. */
  readonly dataDir?: string | undefined;
  /** Default: the environment of this process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The profile or one of its files cannot be used. */
export class ConnectionConfigError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ConnectionConfigError';
  }
}

/** True when a server of its own is named, so that `up` needs no embedded one. */
export function namesExternalServer(request: ConnectionRequest): boolean {
  const environment = request.environment ?? process.env;
  const asked = request.address ?? request.profile;
  return asked !== undefined || SERVER_VARIABLES.some((name) => Boolean(environment[name]));
}

/**
 * Finds the Temporal server. First the address asked for, then a profile or TEMPORAL_* variables as the Temporal CLI
 * reads them (an address asked for keeps their namespace, key and TLS), then `server.json` of a running `up`, then
 * 127.0.0.1:7233. The result is plain data, good for clients and workers alike.
 */
export async function resolveConnectionOptions(request: ConnectionRequest = {}): Promise<ConnectionOptions> {
  if (namesExternalServer(request)) return fromProfile(request);
  const namespace = request.namespace ?? environmentOf(request)['TEMPORAL_NAMESPACE'] ?? DEFAULT_NAMESPACE;
  const embedded =
    request.dataDir === undefined ? undefined : await fromServerFile(request.dataDir, namespace);
  return embedded ?? { address: DEFAULT_ADDRESS, namespace, origin: 'the usual address' };
}

function fromProfile(request: ConnectionRequest): ConnectionOptions {
  const loaded = loadProfile(request);
  const { address, apiKey, tls, metadata } = loaded.connectionOptions;
  const profile = request.profile ?? environmentOf(request)['TEMPORAL_PROFILE'];
  const origin = profile === undefined ? 'from TEMPORAL_* variables' : `from profile ${profile}`;
  return {
    address: request.address ?? address ?? DEFAULT_ADDRESS,
    namespace: request.namespace ?? loaded.namespace ?? DEFAULT_NAMESPACE,
    ...(apiKey === undefined || apiKey === null ? {} : { apiKey: asText(apiKey) }),
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
    origin: request.address === undefined ? origin : 'as configured',
  };
}

function loadProfile(request: ConnectionRequest): ReturnType<typeof loadClientConnectConfig> {
  const environment = Object.entries(environmentOf(request)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  try {
    return loadClientConnectConfig({
      // A bare address is used as it stands: the keys of somebody's default profile are not sent to it.
      disableFile: !namesExternalServer({ ...request, address: undefined }),
      ...(request.profile === undefined ? {} : { profile: request.profile }),
      overrideEnvVars: Object.fromEntries(environment),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionConfigError(`the Temporal profile cannot be used: ${reason}`, error);
  }
}

async function fromServerFile(dataDir: string, namespace: string): Promise<ConnectionOptions | undefined> {
  const file = serverFilePath(dataDir);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const server = text === undefined ? undefined : parseServerFile(text);
  if (server === undefined) return undefined;
  return { address: server.address, namespace, origin: `from ${file}` };
}

function environmentOf(request: ConnectionRequest): NodeJS.ProcessEnv {
  return request.environment ?? process.env;
}

function asText(apiKey: string | (() => string)): string {
  return typeof apiKey === 'function' ? apiKey() : apiKey;
}
