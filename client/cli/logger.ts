import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { wantsColours } from './view/colours.js';

export type { Logger };

/** A log of this size is set aside when the next `up` starts; one older log is kept. */
const LOG_BYTES_MAX = 20_000_000;

/** A log for people on stderr, so that stdout carries only what was asked for; JSON lines when HOLDFAST_LOG is `json`. */
export function createLogger(options: { readonly verbose: boolean }): Logger {
  const level = options.verbose ? 'debug' : 'info';
  if (process.env['HOLDFAST_LOG'] === 'json') return pino({ level }, destination({ dest: 2, sync: true }));
  const colorize = wantsColours(process.stderr, process.env);
  return pino(
    { level },
    pretty({ destination: 2, sync: true, colorize, ignore: 'pid,hostname', translateTime: 'UTC:HH:MM:ss.l' }),
  );
}

/** A log of JSON lines in the data directory, for when the terminal shows the live view. */
export function createFileLogger(
  dataDir: string,
  options: { readonly verbose: boolean },
): { logger: Logger; file: string } {
  const folder = join(dataDir, 'logs');
  const file = join(folder, 'up.log');
  mkdirSync(folder, { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  const level = options.verbose ? 'debug' : 'info';
  return { logger: pino({ level }, destination({ dest: file, sync: true })), file };
}
