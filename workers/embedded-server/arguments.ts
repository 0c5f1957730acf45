import { SEARCH_ATTRIBUTES } from '../../core/search-attributes.js';
import { DYNAMIC_CONFIG } from './dynamic-config.js';

export interface ServerArguments {
  readonly port: number;
  /** Null runs the server without its Web UI. */
  readonly uiPort: number | null;
  readonly namespace: string;
  readonly databaseFile: string;
}

/**
 * A crash of the server or of its machine leaves the database whole with either level; NORMAL may lose the last moment when
 * the power goes. Custody's own files know what was running then. It saves a flush to disk with each of the many commits.
 */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'] as const;

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
    ...SQLITE_PRAGMAS.map((pragma) => `--sqlite-pragma=${pragma}`),
    '--log-format=json',
    '--log-level=warn',
    ...Object.values(SEARCH_ATTRIBUTES).map((name) => `--search-attribute=${name}=Keyword`),
    ...Object.entries(DYNAMIC_CONFIG).map(
      ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`,
    ),
  ];
}
