import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { AllInOne } from '../../../workers/all-in-one.js';
import type { RunningGateway } from '../../gateway/start.js';
import type { AppliedChange } from '../../library/apply.js';
import { CONFIG_OPTION } from '../context.js';
import { canRedraw, follow } from '../follow.js';
import { untilInterrupted } from '../interrupts.js';
import { loadDesired, type DesiredConfig } from '../load-desired.js';
import type { Logger } from '../logger.js';
import { printLines, stdoutView } from '../output.js';
import { requireConfigFile } from '../settings.js';
import { renderChanges } from '../view/changes-table.js';

export function upCommand() {
  return new Command('up')
    .description(
      'everything on this machine: server, workers, and the instances of the file; Ctrl-C stops cleanly',
    )
    .option(...CONFIG_OPTION)
    .option('--plain', 'print a line for each change even in a terminal')
    .option('--verbose', 'log more')
    .action(async (options) => {
      const loaded = await loadDesired(requireConfigFile(options.config));
      const live = options.plain !== true && canRedraw(process.stdout, process.env);
      const verbose = options.verbose === true;
      await untilInterrupted((signal) => runUp(loaded, { live, verbose, signal }));
    });
}

interface UpOptions {
  /** Redraw in place. */
  readonly live: boolean;
  readonly verbose: boolean;
  readonly signal: AbortSignal;
}

/** Starts everything, applies the file, shows what happens, and stops everything in order when interrupted. */
async function runUp(loaded: DesiredConfig, options: UpOptions): Promise<void> {
  printLines([`starting, data in ${loaded.config.data_dir}`]);
  const { running, gateway, logFile } = await startAll(loaded, options);
  // It ends by itself only when something is badly wrong: the view must not go on over dead workers.
  const ended = new AbortController();
  const outcome = running.done.then(
    () => ({ failed: false, error: undefined }),
    (error: unknown) => ({ failed: true, error }),
  );
  void outcome.then(() => ended.abort());
  const signal = AbortSignal.any([options.signal, ended.signal]);
  try {
    const header = headerOf(running, gateway, logFile);
    if (!signal.aborted) await applyAndFollow(loaded, running, { header, live: options.live, signal });
  } finally {
    printLines(['stopping (Ctrl-C again stops at once)']);
    // First: what it is asked for comes from the server and the workers.
    await gateway.close();
    await running.close();
  }
  const { failed, error } = await outcome;
  if (failed) throw error;
  printLines([
    `stopped; recordings are in ${join(running.dataDir, 'recordings')}, the next \`up\` goes on from here`,
  ]);
}

async function startAll(
  loaded: DesiredConfig,
  options: UpOptions,
): Promise<{ running: AllInOne; gateway: RunningGateway; logFile: string | undefined }> {
  const [
    { createFileLogger, createLogger },
    { namesExternalServer, resolveConnectionOptions },
    { startAllInOne },
  ] = await Promise.all([
    import('../logger.js'),
    import('../../connection/index.js'),
    // Clients do not depend on workers; this command is the one that runs everything.
    import('../../../workers/all-in-one.js'),
  ]);
  const { config, path: configPath } = loaded;
  // In a terminal that shows the live view, log lines would destroy the picture.
  const log = options.live
    ? createFileLogger(config.data_dir, options)
    : { logger: createLogger(options), file: undefined };
  const { profile, address, namespace } = config.temporal;
  const request = { profile, address, namespace };
  const external = namesExternalServer(request)
    ? { external: await resolveConnectionOptions(request) }
    : undefined;
  const running = await startAllInOne({ config, configPath, logger: log.logger, ...external });
  try {
    const gateway = await startGatewayBeside(running, loaded, log.logger);
    return { running, gateway, logFile: log.file };
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function startGatewayBeside(
  running: AllInOne,
  { config }: DesiredConfig,
  logger: Logger,
): Promise<RunningGateway> {
  const [{ runGateway }, { createSdkMetricsReader }, { sdkMetricsAddress }] = await Promise.all([
    import('../../gateway/run-gateway.js'),
    import('../../gateway/metrics/sdk-metrics.js'),
    import('../../../workers/temporal-runtime.js'),
  ]);
  return await runGateway({
    config,
    otherPortWhenTaken: true,
    connection: running.connection,
    uiUrl: running.uiUrl,
    logger,
    sdkMetrics: createSdkMetricsReader(sdkMetricsAddress),
  });
}

function headerOf(running: AllInOne, gateway: RunningGateway, logFile: string | undefined): string[] {
  return [
    `gateway     ${gateway.url}`,
    `recordings  ${join(running.dataDir, 'recordings')}`,
    ...(running.uiUrl === null ? [] : [`web ui      ${running.uiUrl}`]),
    `temporal    ${running.address}`,
    ...(running.demoUrl === null ? [] : [`demo source ${running.demoUrl}`]),
    ...(logFile === undefined ? [] : [`log         ${logFile}`]),
  ];
}

async function applyAndFollow(
  loaded: DesiredConfig,
  running: AllInOne,
  view: { readonly header: readonly string[]; readonly live: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const [{ connectClient }, { createHoldfast }] = await Promise.all([
    import('../../connection/index.js'),
    import('../../library/holdfast.js'),
  ]);
  const connected = await connectClient(running.connection);
  try {
    const holdfast = createHoldfast({ client: connected.client });
    const { desired, normalise } = loaded;
    // What a person has stopped stays stopped: `up` goes on where it was.
    const changes = await holdfast.apply(desired, { startStopped: false, normalise });
    printLines([...view.header, '', ...appliedLines(changes), '']);
    await follow(holdfast, view);
  } finally {
    await connected.close();
  }
}

function appliedLines(changes: readonly AppliedChange[]): string[] {
  if (changes.length === 0) return ['the file lists no instances'];
  return renderChanges(changes, { ...stdoutView(), dryRun: false });
}
