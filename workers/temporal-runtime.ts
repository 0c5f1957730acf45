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

function sdkLogger(logger: Logger): SdkLogger {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  const write = (level: LogEntry['level'], message: string, meta?: Record<string | symbol, unknown>) =>
    logger[levels[level]](meta ?? {}, message);
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
