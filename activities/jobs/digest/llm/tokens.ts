import { createParser } from 'eventsource-parser';
import { StepFailure } from '../../step-failure.js';
import { failureInStream } from './answer-failure.js';

/** More is no summary: something has gone wrong. */
const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;
const END_MARK = '[DONE]';

/** What one event of a streamed answer brings. */
export interface Delta {
  /** Empty for events that only show life, e.g. while a model thinks. */
  readonly text: string;
  /** The answer is whole. */
  readonly isEnd: boolean;
}

interface Chunk {
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: unknown };
    readonly message?: { readonly content?: unknown };
    readonly finish_reason?: unknown;
  }[];
}

/**
 * Reads a streamed answer, event by event. Comments, which some endpoints send to keep a connection open, are no events.
 * @throws {StepFailure} for an error in the stream, for what is no answer, and for one that is too long
 */
export async function* deltasOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Delta> {
  const waiting: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => waiting.push(data) });
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > ANSWER_BYTES_MAX)
      throw new StepFailure('too_large', `the answer is longer than ${ANSWER_BYTES_MAX} bytes`, true);
    parser.feed(decoder.decode(piece, { stream: true }));
    for (const data of waiting.splice(0)) yield deltaOf(data);
  }
}

/** An answer in one piece, from an endpoint that does not stream. */
export function wholeAnswer(body: string): string {
  const chunk = chunkOf(body);
  return textOf(chunk.choices?.[0]?.message?.content);
}

function deltaOf(data: string): Delta {
  if (data.trim() === END_MARK) return { text: '', isEnd: true };
  const [choice] = chunkOf(data).choices ?? [];
  const isEnd = typeof choice?.finish_reason === 'string' && choice.finish_reason !== '';
  return { text: textOf(choice?.delta?.content), isEnd };
}

function chunkOf(data: string): Chunk {
  let chunk: Chunk | null;
  try {
    chunk = JSON.parse(data) as Chunk | null;
  } catch {
    throw new StepFailure('parse_error', 'the endpoint sent something that is no JSON', true);
  }
  if (typeof chunk !== 'object' || chunk === null) {
    throw new StepFailure('parse_error', 'the endpoint sent something that is no answer', true);
  }
  if (chunk.error !== undefined && chunk.error !== null) throw failureInStream(chunk.error);
  return chunk;
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : '';
}
