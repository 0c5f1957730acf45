import { dirname, resolve } from 'node:path';
import { checkConfig, type Config } from '../../core/config/index.js';
import { parseConfigDocument, type ConfigDocument } from './document.js';
import { ConfigErrors, keyName, sortErrors, type ConfigError, type ConfigWarning } from './errors.js';
import { readText, UnreadableFile } from './read-text.js';
import { unusableSettings } from './unusable-settings.js';
import { warningsOf } from './warnings.js';

export { unusableInSource } from './unusable-settings.js';
export { ConfigErrors, formatConfigErrors, type ConfigError, type ConfigWarning } from './errors.js';

/** A configuration file that holds. */
export interface LoadedConfig {
  /** Absolute path of the file. */
  readonly path: string;
  /** Defaults filled in; `data_dir` and the path of `store` are absolute, taken from the folder of the file. */
  readonly config: LocatedConfig;
  /** The entries as written, in the order of `config`: the inputs of workflows. */
  readonly raw: RawEntries;
  readonly warnings: readonly ConfigWarning[];
}

/** The configuration of a file: the store is always named. */
export type LocatedConfig = Config & { readonly store: string };

/** Entries as written, `${env:NAME}` unexpanded. */
export interface RawEntries {
  readonly streams: readonly unknown[];
  readonly captures: readonly unknown[];
  readonly sources: readonly unknown[];
}

/**
 * Reads and checks a configuration file, YAML or JSON.
 * Throws `ConfigErrors` with every error at once, sorted by line.
 */
export async function loadConfigFile(
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LoadedConfig> {
  const text = await textOrErrors(file);
  const document = documentOrErrors(file, text);
  const checked = checkConfig(document.content);
  const unusable = await unusableSettings(document.content);
  if ('problems' in checked || unusable.length > 0) {
    const problems = [...('problems' in checked ? checked.problems : []), ...unusable];
    throw new ConfigErrors(file, sortErrors(problems.map((problem) => placed(problem, document))));
  }
  const warnings = warningsOf(document.content, env).map((warning) => placed(warning, document));
  return {
    path: resolve(file),
    config: withAbsolutePaths(checked.config, dirname(resolve(file))),
    raw: rawEntries(document.content),
    warnings: sortErrors(warnings),
  };
}

async function textOrErrors(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new ConfigErrors(file, [wholeFile(`cannot be read: ${error.message}`)]);
  }
}

function documentOrErrors(file: string, text: string): ConfigDocument {
  const document = parseConfigDocument(text);
  if ('errors' in document) throw new ConfigErrors(file, sortErrors(document.errors));
  if (document.content === null || document.content === undefined) {
    throw new ConfigErrors(file, [wholeFile('the file is empty; expected a mapping, e.g. streams: [...]')]);
  }
  return document;
}

function placed(
  problem: Omit<ConfigError, 'line' | 'column' | 'key'> & {
    readonly path: readonly (string | number)[];
    readonly atKey?: boolean;
  },
  document: ConfigDocument,
): ConfigError {
  const { line, column } = document.locate(problem.path, problem.atKey === true);
  return { line, column, key: keyName(problem.path), value: problem.value, message: problem.message };
}

function wholeFile(message: string): ConfigError {
  return { line: 1, column: 1, key: '', value: undefined, message };
}

function withAbsolutePaths(config: Config, folder: string): LocatedConfig {
  const dataDir = resolve(folder, config.data_dir);
  const store = config.store ?? `sqlite:${resolve(dataDir, 'holdfast.db')}`;
  return {
    ...config,
    data_dir: dataDir,
    store: store.startsWith('sqlite:') ? `sqlite:${resolve(folder, store.slice('sqlite:'.length))}` : store,
  };
}

function rawEntries(content: unknown): RawEntries {
  const document = content as Partial<Record<keyof RawEntries, readonly unknown[] | null>>;
  return {
    streams: document.streams ?? [],
    captures: document.captures ?? [],
    sources: document.sources ?? [],
  };
}
