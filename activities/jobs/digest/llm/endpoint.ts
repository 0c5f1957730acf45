import type { LlmConfig } from '../../../../core/config/jobs.js';
import {
  expandSecrets,
  MissingSecretError,
  redact,
  secretsIn,
  type Environment,
} from '../../../secrets/index.js';
import { StepFailure } from '../../step-failure.js';

/** Where texts are written, with secrets filled in. */
export interface LlmEndpoint {
  /** Of `/chat/completions`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** Longest silence before and between tokens. */
  readonly silenceMs: number;
  /** Takes secrets out of what the endpoint says. */
  readonly conceal: (text: string) => string;
}

/**
 * The endpoint of the configuration, ready for use.
 * @throws {StepFailure} fatal, when there is none, or its key is not set
 */
export function llmEndpoint(config: LlmConfig | undefined, env: Environment): LlmEndpoint {
  if (config === undefined) {
    throw new StepFailure(
      'invalid_config',
      'summarizer: llm needs an endpoint: set jobs.llm.base_url and jobs.llm.model',
      false,
    );
  }
  const { base_url: baseUrl, api_key: key, model, timeout } = config;
  try {
    const base = expandSecrets(baseUrl, env);
    const authorization = key === undefined ? {} : { authorization: `Bearer ${expandSecrets(key, env)}` };
    const hidden = [baseUrl, key ?? ''].flatMap((text) => secretsIn(text, env));
    if (key !== undefined && !key.includes('${env:')) hidden.push(key);
    return {
      url: `${base.replace(/\/+$/, '')}/chat/completions`,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'user-agent': 'holdfast',
        ...authorization,
      },
      model,
      silenceMs: timeout,
      conceal: (text) => redact(text, hidden),
    };
  } catch (error) {
    if (error instanceof MissingSecretError)
      throw new StepFailure('unauthorized', `jobs.llm: ${error.message}`, false);
    throw error;
  }
}
