import {
  makeTelemetryFilterString,
  Runtime,
  type LogEntry,
  type Logger as SdkLogger,
} from '@temporalio/worker';
import type { Logger } from 'pino';

let installed = false;

/**
 * Prepares the SDK for this process, once and before any connection is made. Signals are left to whoever started
 * the workers: they must stop in an order of their own.
 */
export function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: sdkLogger(logger.child({ component: 'temporal-sdk' })),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
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
