import { Agent, request, type Dispatcher } from 'undici';
import { StepFailure } from '../../step-failure.js';
import { connectionFailure, statusFailure } from './answer-failure.js';
import type { LlmEndpoint } from './endpoint.js';
import { deltasOf, wholeAnswer } from './tokens.js';

export interface Question {
  /** What is to be done, and how. */
  readonly instructions: string;
  /** What it is to be done with. */
  readonly data: string;
}

/** Longest answer as a whole, however lively the endpoint is. */
const ANSWER_MS_MAX = 600_000;
/** Longest text that is taken, thoughts included; the rest is not waited for. */
const ANSWER_CHARACTERS_MAX = 50_000;
/** Of an answer that is not streamed, or that says what is wrong. */
const BODY_CHARACTERS_MAX = 200_000;
/** Models that think aloud begin so. */
const THOUGHTS = /<think>[\s\S]*?(?:<\/think>|$)/gi;

/**
 * Asks once and returns the whole text; `onText` gets it piece by piece as it is written. Redirects are not followed.
 * @throws {StepFailure} when there is no whole answer: it says whether and when to ask again
 * @throws the reason of the signal when that was aborted
 */
export async function askLlm(
  endpoint: LlmEndpoint,
  question: Question,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<string> {
  const silence = new Silence(endpoint.silenceMs);
  const agent = new Agent({ pipelining: 0, headersTimeout: 0, bodyTimeout: 0 });
  try {
    const answer = await request(endpoint.url, {
      method: 'POST',
      headers: endpoint.headers,
      body: JSON.stringify(bodyOf(endpoint, question)),
      dispatcher: agent,
      signal: AbortSignal.any([signal, silence.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return await readAnswer(answer, silence, onText);
  } catch (error) {
    signal.throwIfAborted();
    const failure = silence.failure ?? connectionFailure(error);
    throw new StepFailure(
      failure.cause,
      endpoint.conceal(failure.message),
      failure.retryable,
      failure.retryAfterMs,
    );
  } finally {
    silence.end();
    // The answer may be unread: destroying the agent frees its connection at once.
    await agent.destroy();
  }
}

/** Nothing but what every endpoint takes: several refuse limits and temperatures that others want. */
function bodyOf({ model }: LlmEndpoint, { instructions, data }: Question): unknown {
  const messages = [
    { role: 'system', content: instructions },
    { role: 'user', content: data },
  ];
  return { model, messages, stream: true };
}

async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  silence: Silence,
  onText: (text: string) => void,
): Promise<string> {
  if (statusCode !== 200) {
    const words = await beginningOf(body);
    throw statusFailure(statusCode, words, firstOf(headers['retry-after']));
  }
  const isWhole = firstOf(headers['content-type'])?.includes('json') === true;
  const answer = isWhole ? wholeAnswer(await beginningOf(body)) : await readStream(body, silence, onText);
  const text = answer.replaceAll(THOUGHTS, '').trim();
  if (text === '') throw new StepFailure('parse_error', 'the endpoint answered without any text', true);
  return text;
}

async function readStream(
  body: AsyncIterable<Uint8Array>,
  silence: Silence,
  onText: (text: string) => void,
): Promise<string> {
  let text = '';
  for await (const delta of deltasOf(body)) {
    silence.broken();
    text += delta.text;
    if (delta.text !== '') onText(delta.text);
    if (delta.isEnd || text.length > ANSWER_CHARACTERS_MAX) return text;
  }
  throw new StepFailure('network_disconnect', 'the answer was cut off before its end', true);
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of body) {
    text += piece.toString();
    if (text.length > BODY_CHARACTERS_MAX) break;
  }
  return text;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Ends a request after which nothing comes for too long; bytes that are no tokens count as nothing. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#timer = setTimeout(() => this.#controller.abort(), limitMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get failure(): StepFailure | undefined {
    if (!this.#controller.signal.aborted) return undefined;
    return new StepFailure('timeout', `the endpoint was silent for ${this.#limitMs} ms`, true);
  }

  broken(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
