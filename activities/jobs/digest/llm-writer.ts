import { cleanText } from '../../../core/announce/index.js';
import type { DigestParams } from '../../../core/jobs/params.js';
import type { StepDeps } from '../deps.js';
import type { StepContext } from '../step-context.js';
import { StepFailure } from '../step-failure.js';
import { keep, kept } from './kept.js';
import { TEXTS_PER_STORY } from './limits.js';
import { askLlm } from './llm/ask.js';
import { llmEndpoint } from './llm/endpoint.js';
import { overviewQuestion, storyQuestion } from './llm/questions.js';
import type { Writer } from './writer.js';

/** Failed attempts after which the built-in summariser takes over, where that was asked for. */
const FAILURES_BEFORE_FALLBACK = 3;

/**
 * Has the texts written by the endpoint of the configuration. A failure ends the attempt, and the next one goes on from there, until
 * `fallback` takes over; when it does, the log of the job says so.
 */
export async function llmWriter(
  { config, env }: StepDeps,
  params: DigestParams,
  context: StepContext,
  fallback: Writer,
): Promise<Writer> {
  const before = (await kept(context, 'endpoint')) ?? { failures: 0, isGivenUp: false };
  let { isGivenUp } = before;
  const failed = async (failure: StepFailure): Promise<void> => {
    const failures = before.failures + 1;
    const isHopeless = !failure.retryable || failures >= FAILURES_BEFORE_FALLBACK;
    isGivenUp = params.on_llm_failure === 'extractive' && isHopeless;
    await keep(context, 'endpoint', { failures, isGivenUp });
    if (!isGivenUp) throw failure;
    context.log('warning', `${failure.message}; the built-in summariser takes over`);
  };
  const write = async (
    byEndpoint: () => Promise<string>,
    byFallback: () => Promise<string>,
  ): Promise<string> => {
    if (!isGivenUp) {
      try {
        return cleanText(await byEndpoint());
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        await failed(error);
      }
    }
    return await byFallback();
  };
  return {
    isCostly: () => !isGivenUp,
    writeStory: (story, signal, onText) =>
      write(
        async () => {
          const question = storyQuestion(story.slice(0, TEXTS_PER_STORY), params.language);
          return await askLlm(llmEndpoint(config.llm, env), question, signal, onText);
        },
        () => fallback.writeStory(story, signal, onText),
      ),
    writeOverview: (topic, stories, signal) =>
      write(
        async () => {
          const question = overviewQuestion(topic, stories, params.language);
          return await askLlm(llmEndpoint(config.llm, env), question, signal, () => undefined);
        },
        () => fallback.writeOverview(topic, stories, signal),
      ),
  };
}
