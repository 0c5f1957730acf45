import { Command } from '@commander-js/extra-typings';
import type { Client } from '@temporalio/client';
import type { Config } from '../../core/config/index.js';
import type { Holdfast } from '../library/holdfast.js';
import { refuseEarly } from './refuse-early.js';
import { readClientSettings } from './settings.js';

/** Options of every command that talks to a Temporal server. */
export interface ServerOptions {
  readonly config?: string | undefined;
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  readonly profile?: string | undefined;
}

/** What a command has when it runs. */
export interface CommandContext {
  readonly holdfast: Holdfast;
  readonly client: Client;
  /** Absolute. */
  readonly dataDir: string;
}

export const CONFIG_OPTION = ['-c, --config <file>', 'configuration (default: ./holdfast.yaml)'] as const;

/** A command with the options by which the server is found. */
export function serverCommand(name: string) {
  return new Command(name)
    .option(...CONFIG_OPTION)
    .option('--address <host:port>', 'Temporal server (default: that of the running `up`)')
    .option('--namespace <name>', 'Temporal namespace')
    .option('--profile <name>', 'profile of the Temporal client configuration');
}

/** The same with `--json`: one JSON document on stdout. */
export function readingCommand(name: string) {
  return serverCommand(name).option('--json', 'print one JSON document');
}

/** Where the server is, for a command that has read the whole configuration: its options first. */
export function connectionRequest(options: ServerOptions, { temporal, data_dir: dataDir }: Config) {
  return {
    address: options.address ?? temporal.address,
    namespace: options.namespace ?? temporal.namespace,
    profile: options.profile ?? temporal.profile,
    dataDir,
  };
}

/** Connects, runs and closes the connection again. The client library is loaded only now: help stays quick. */
export async function withHoldfast<Result>(
  options: ServerOptions,
  run: (context: CommandContext) => Promise<Result>,
): Promise<Result> {
  const settings = await readClientSettings(options.config);
  const [{ connectClient, resolveConnectionOptions }, { createHoldfast }] = await Promise.all([
    import('../connection/index.js'),
    import('../library/holdfast.js'),
  ]);
  const connection = await resolveConnectionOptions({
    address: options.address ?? settings.address,
    namespace: options.namespace ?? settings.namespace,
    profile: options.profile ?? settings.profile,
    dataDir: settings.dataDir,
  });
  await refuseEarly(connection);
  const connected = await connectClient(connection);
  try {
    const { client } = connected;
    return await run({ holdfast: createHoldfast({ client }), client, dataDir: settings.dataDir });
  } finally {
    await connected.close();
  }
}
