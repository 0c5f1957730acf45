import type { LoadedConfig } from '../config-file/index.js';
import type { DesiredInstance } from '../library/start-instance.js';

/** A checked config file as `apply` wants it. */
export interface DesiredConfig extends LoadedConfig {
  readonly desired: readonly DesiredInstance[];
  /** Fills defaults in, so that two ways of writing the same config are equal. */
  readonly normalise: (kind: string, config: unknown) => unknown;
}

/**
 * Reads and checks a config file; warnings go to stderr. The schemas are loaded only now: help stays quick.
 * Throws `ConfigErrors` with all errors at once.
 */
export async function loadDesired(file: string): Promise<DesiredConfig> {
  const [{ formatConfigErrors, loadConfigFile }, { instancesOfFile, normaliseConfig }] = await Promise.all([
    import('../config-file/index.js'),
    import('./desired-instances.js'),
  ]);
  const loaded = await loadConfigFile(file);
  if (loaded.warnings.length > 0) process.stderr.write(`${formatConfigErrors(file, loaded.warnings)}\n`);
  return { ...loaded, desired: instancesOfFile(loaded), normalise: normaliseConfig };
}
