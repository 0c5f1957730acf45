import type { Client } from '@temporalio/client';
import { eachConcurrently } from './each-concurrently.js';
import type { InstanceSummary } from './list-instances.js';
import { liveRunsOf, type LiveRun } from './live-runs.js';
import {
  failureOf,
  mergeStatus,
  queryStatus,
  type InstanceView,
  type StatusAnswer,
} from './read-instance.js';
import { callServer } from './server-call.js';
import { NO_WORKER_ANSWERS } from './status-words.js';

/** Hosts report every ten seconds by default: describing more often than this shows nothing new. */
const DESCRIPTION_AGE_MAX_MS = 3_000;
/** A workflow that did not answer is not asked again for this long. */
const SILENCE_MS = 10_000;
/** Rows are shown without details rather than late. */
const STATUS_DEADLINE_MS = 2_000;
/** Requests under way at once: 200 rows take well under a second, and the server notices nothing. */
const CONCURRENT_REQUESTS = 8;
/** So many workflows in a row without an answer mean that there is no worker: the rest is not asked in this pass. */
const SILENT_WORKFLOWS_MAX = CONCURRENT_REQUESTS;

interface Known {
  /** What the index said when the rest was read. */
  readonly key: string;
  readonly answer: StatusAnswer;
  readonly answerAtMs: number;
  /** The execution and its history's length when the status was asked: while they stay, so does the status. */
  readonly answerFor: string;
  readonly runs: readonly LiveRun[];
  readonly describedAtMs: number;
  readonly failure: InstanceView['failure'];
}

interface Pass {
  answered: number;
  silent: number;
}

const NOT_ASKED: StatusAnswer = { status: null, problem: 'not asked' };
const NO_WORKER: StatusAnswer = { status: null, problem: NO_WORKER_ANSWERS };
const UNKNOWN: Known = {
  key: '',
  answer: NOT_ASKED,
  answerAtMs: 0,
  answerFor: '',
  runs: [],
  describedAtMs: 0,
  failure: null,
};

/** Reads details of the rows that somebody looks at, and remembers them, so that a live view asks little. */
export class DetailReader {
  readonly #client: Client;
  readonly #known = new Map<string, Known>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Adds what is known to what the index lists; only visible rows are asked for anything new. */
  async read(listed: readonly InstanceSummary[], visible: ReadonlySet<string>): Promise<InstanceView[]> {
    this.#forgetOthers(listed);
    const pass: Pass = { answered: 0, silent: 0 };
    const asked = listed.filter((summary) => visible.has(summary.id));
    await eachConcurrently(asked, CONCURRENT_REQUESTS, async (summary) => {
      this.#known.set(summary.id, await this.#refresh(summary, pass));
    });
    return listed.map((summary) => {
      const known = this.#known.get(summary.id) ?? UNKNOWN;
      return { ...mergeStatus(summary, known.answer, known.runs), failure: known.failure };
    });
  }

  async #refresh(summary: InstanceSummary, pass: Pass): Promise<Known> {
    const before = this.#known.get(summary.id) ?? UNKNOWN;
    const key = `${summary.runId} ${summary.state} ${summary.open}`;
    const changed = before.key !== key;
    if (!summary.open) return changed ? this.#readClosed(summary, key) : before;
    const nowMs = Date.now();
    if (!changed && nowMs - before.describedAtMs < DESCRIPTION_AGE_MAX_MS) return before;
    const handle = this.#client.workflow.getHandle(summary.id);
    const description = await callServer(this.#client, `describe ${summary.id}`, () => handle.describe());
    const runs = await liveRunsOf(this.#client, description.raw);
    const described = { ...before, key, runs, describedAtMs: nowMs, failure: null };
    // Queries are what a live view could cost on a paid server; describing is free and tells whether one is due.
    const answerFor = `${description.runId} ${description.historyLength}`;
    const silent = before.answer.status === null && nowMs - before.answerAtMs < SILENCE_MS;
    if (silent || (before.answer.status !== null && before.answerFor === answerFor)) return described;
    const answer = await this.#askStatus(summary.id, pass);
    return { ...described, answer, answerAtMs: nowMs, answerFor };
  }

  async #askStatus(id: string, pass: Pass): Promise<StatusAnswer> {
    if (pass.silent >= SILENT_WORKFLOWS_MAX && pass.answered === 0) return NO_WORKER;
    const answer = await queryStatus(this.#client, id, STATUS_DEADLINE_MS);
    if (answer.status === null) pass.silent += 1;
    else pass.answered += 1;
    return answer;
  }

  /** A closed workflow says nothing new: its end is read once, from its history and without a worker. */
  async #readClosed(summary: InstanceSummary, key: string): Promise<Known> {
    const failed = summary.closed === 'FAILED';
    const failure = failed ? await failureOf(this.#client, summary.id, summary.runId) : null;
    return { ...UNKNOWN, key, failure };
  }

  #forgetOthers(listed: readonly InstanceSummary[]): void {
    const ids = new Set(listed.map((summary) => summary.id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }
}
