import { createServer, type AddressInfo } from 'node:net';
import {
  makeTelemetryFilterString,
  Runtime,
  type LogEntry,
  type Logger as SdkLogger,
  type RuntimeOptions,
} from '@temporalio/worker';
import type { Logger } from 'pino';

/** A port that was free may be taken a moment later; a second one hardly ever is. */
const PORT_ATTEMPTS_MAX = 3;

let installing: Promise<void> | undefined;
let metricsAddress: string | null = null;

/**
 * Prepares the SDK for this process, once and before any connection is made. Signals are left to whoever started
 * the workers: they must stop in an order of their own.
 */
export function installRuntime(logger: Logger): Promise<void> {
  return (installing ??= install(logger));
}

/**
 * `host:port` on this machine where the SDK gives its own metrics as `/metrics` (Prometheus text); null when no worker
 * runs in this process.
 */
export function sdkMetricsAddress(): string | null {
  return metricsAddress;
}

async function install(logger: Logger): Promise<void> {
  for (let attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt += 1) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      Runtime.install(runtimeOptions(logger, address));
      metricsAddress = address;
      return;
    } catch (error) {
      if (!isAddressTaken(error)) throw error;
    }
  }
  logger.warn('no port is free for the metrics of the Temporal SDK: it runs without them');
  Runtime.install(runtimeOptions(logger, null));
}

function runtimeOptions(logger: Logger, bindAddress: string | null): RuntimeOptions {
  return {
    logger: sdkLogger(logger.child({ component: 'temporal-sdk' })),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(bindAddress !== null && { metrics: { prometheus: { bindAddress } } }),
    },
  };
}

/** The SDK does not tell which port it was given: it must be asked for one by number. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isAddressTaken(error: unknown): boolean {
  return error instanceof Error && /prometheus/i.test(error.message);
}

/** pino writes an error out only under the key `err`. */
function forPino(meta: Record<string | symbol, unknown> = {}): Record<string, unknown> {
  const { error, ...rest } = meta;
  return error === undefined ? rest : { ...rest, err: error };
}

/** Said by the SDK as a warning of every worker that has activities only, as most of ours. */
const EXPECTED = /^No workflows registered/;

function sdkLogger(logger: Logger): SdkLogger {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  const write = (level: LogEntry['level'], message: string, meta?: Record<string | symbol, unknown>) =>
    logger[EXPECTED.test(message) ? 'debug' : levels[level]](forPino(meta), message);
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
