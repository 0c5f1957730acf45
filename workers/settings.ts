import { hostname } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Config } from '../core/config/index.js';

/** Paths and names of a process, made absolute once. */
export interface ProcessSettings {
  readonly dataDir: string;
  readonly storeUrl: string;
  readonly host: string;
}

/** Reads what a process needs from the configuration; relative paths are relative to its file. */
export function processSettings(config: Config, configPath: string): ProcessSettings {
  const base = dirname(resolve(configPath));
  const dataDir = resolve(base, config.data_dir);
  return {
    dataDir,
    storeUrl: storeUrl(config, base, dataDir),
    host: config.host ?? systemHostName(),
  };
}

function storeUrl(config: Config, base: string, dataDir: string): string {
  if (config.store === undefined) return `sqlite:${dataDir}/holdfast.db`;
  const match = /^sqlite:(.+)$/.exec(config.store);
  if (match?.[1] === undefined) return config.store;
  return `sqlite:${isAbsolute(match[1]) ? match[1] : resolve(base, match[1])}`;
}

/** The system's host name, in the letters that a task queue may have. */
function systemHostName(): string {
  const name = hostname()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63);
  return name === '' ? 'localhost' : name;
}
