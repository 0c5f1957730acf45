import type { ShownPicture } from '../state/model.js';
import { forgetToken, tokenHeaders } from './token.js';

/** What the gateway says when it does not do what it was asked for, in its words. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

/** The gateway did not answer at all. */
export class NoAnswer extends Error {
  constructor() {
    super('the gateway does not answer');
    this.name = 'NoAnswer';
  }
}

/** A gateway that is alive answers sooner, also when it waits for the server. */
const ANSWER_TIMEOUT_MS = 20_000;

/** Asks for a document. `also` are statuses that bring a document, too, e.g. 503 of the health report. */
export async function getJson<Document>(path: string, also: readonly number[] = []): Promise<Document> {
  const response = await ask(path, {});
  if (!response.ok && !also.includes(response.status)) throw await problemOf(response);
  return (await response.json()) as Document;
}

/** Sends a document and gives the answer. */
export async function postJson<Answer>(path: string, body: object = {}): Promise<Answer> {
  const response = await ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Answer;
}

const NO_CONTENT = 204;

/** Asks for a file. */
export async function getBlob(path: string): Promise<Blob> {
  return await (await askForFile(path)).blob();
}

/** Asks for a picture; throws with the reason where there is none now. */
export async function getPicture(path: string): Promise<ShownPicture> {
  const response = await askForFile(path);
  if (response.status === NO_CONTENT) {
    throw new Error(decodeURIComponent(response.headers.get('x-absent-because') ?? 'there is nothing'));
  }
  const takenAtMs = Date.parse(response.headers.get('last-modified') ?? '');
  return {
    address: URL.createObjectURL(await response.blob()),
    takenAtMs: Number.isNaN(takenAtMs) ? Date.now() : takenAtMs,
  };
}

async function askForFile(path: string): Promise<Response> {
  const response = await ask(path, { timeoutMs: null });
  if (!response.ok) throw await problemOf(response);
  return response;
}

interface Request_ {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  /** Null: a large file may take as long as it takes. */
  readonly timeoutMs?: number | null;
}

async function ask(path: string, { timeoutMs, headers, ...init }: Request_): Promise<Response> {
  const token = tokenHeaders();
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { ...headers, ...token },
      cache: 'no-store',
      signal: timeoutMs === null ? null : AbortSignal.timeout(timeoutMs ?? ANSWER_TIMEOUT_MS),
    });
  } catch {
    throw new NoAnswer();
  }
  if (response.status === 401) forgetToken(token);
  return response;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new ApiProblem(response.status, error.code, error.message);
  } catch {
    return new ApiProblem(response.status, 'no_problem', `the gateway answered ${response.status}`);
  }
}
