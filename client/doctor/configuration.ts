import {
  ConfigErrors,
  formatConfigErrors,
  loadConfigFile,
  type LocatedConfig,
} from '../config-file/index.js';
import { ok, problem, type CheckResult } from './check-result.js';

export interface CheckedConfiguration {
  readonly results: readonly CheckResult[];
  /** Absent when there is no file or it has errors. */
  readonly config?: LocatedConfig;
}

/** The configuration holds, or every error of it. */
export async function checkConfiguration(file: string | undefined): Promise<CheckedConfiguration> {
  if (file === undefined) {
    const mend = 'make ./holdfast.yaml (holdfast.example.yaml is a start) or name a file with -c';
    return { results: [problem('config', 'no configuration here', mend, false)] };
  }
  try {
    const { config, warnings } = await loadConfigFile(file);
    const entries = config.streams.length + config.captures.length + config.sources.length;
    const notes = warnings.map((warning) =>
      problem('config', `${file}:${warning.line} ${warning.key}: ${warning.message}`, 'see that line', false),
    );
    return {
      results: [ok('config', `${file}: ${entries} entries`), ...notes, ...contactAdvice(config)],
      config,
    };
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    const detail = formatConfigErrors(file, error.errors);
    return { results: [problem('config', detail, 'correct what is named', true)] };
  }
}

/** Sites turn away whom they do not know: it is a courtesy, and of use to us. */
function contactAdvice({ sources, contact }: LocatedConfig): CheckResult[] {
  const unnamed = sources.filter(({ user_agent }) => user_agent === undefined).length;
  if (contact !== undefined || unnamed === 0) return [];
  const detail = `${unnamed} of ${sources.length} sources are fetched without a contact for their sites`;
  return [problem('contact', detail, 'set contact: to your page or e-mail address', false)];
}
