import { SEARCH_ATTRIBUTES } from '../../core/search-attributes.js';
import { DYNAMIC_CONFIG } from './dynamic-config.js';

export interface ServerArguments {
  readonly port: number;
  /** Null runs the server without its Web UI. */
  readonly uiPort: number | null;
  readonly namespace: string;
  readonly databaseFile: string;
}

/** The arguments of `temporal` for an embedded server. */
export function serverArguments(options: ServerArguments): readonly string[] {
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${options.port}`,
    options.uiPort === null ? '--headless' : `--ui-port=${options.uiPort}`,
    `--namespace=${options.namespace}`,
    `--db-filename=${options.databaseFile}`,
    '--log-format=json',
    '--log-level=warn',
    ...Object.values(SEARCH_ATTRIBUTES).map((name) => `--search-attribute=${name}=Keyword`),
    ...Object.entries(DYNAMIC_CONFIG).map(
      ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`,
    ),
  ];
}
