// Goal: whatever messages an instance gets while its runs fail, in whatever order and however many in one workflow task, it ends only when
// somebody says stop, never has two runs of one branch, or two cycles, at a time, does in the end what it was told last, and leaves a history
// that replays. Method: random bursts for many instances at once, most of them gathered while no worker runs workflows; histories are
// continued as new ones all the time; the activities only note what they are asked for, and let a third of the runs fail.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import type { StopRunInput } from '../../core/activity-contract.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import { endBeforeStart, type RunSpec } from '../../core/run.js';
import type { CycleResult, RunCycleInput } from '../../core/source-cycle/index.js';
import { until } from '../support/cluster.js';
import { failedRun } from '../support/failed-run.js';
import { WorkflowStage } from '../support/workflow-stage.js';

const INSTANCES = 30;
const BURSTS = 8;
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const CYCLE_MS = 100;
/** Histories are continued as new ones again and again. */
const HISTORY_EVENTS_MAX = 60;
const FAILS_WITHIN_MS = 1_500;
/** A worker that ends takes tasks with it, which others get after 10 s, and a busy machine is slow. */
const WITHIN_MS = 90_000;
/** However often a run fails, another one follows soon. */
const ENDLESS = { max_retries: 100, retry_delay: '300ms' };
const output = (name: string) => ({ name, kind: 'push', url: `rtmp://127.0.0.1:9/live/${name}` });

interface Kind {
  readonly name: string;
  readonly entry: object;
  readonly signals: readonly string[];
  /** Name and argument; null for the entry with another interval. */
  readonly updates: Readonly<Record<string, unknown>>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'capture',
    entry: {
      input: { kind: 'ffmpeg', args: ['-i', 'x'] },
      outputs: [output('first'), output('second')],
      recovery: ENDLESS,
    },
    signals: ['pause', 'resume', 'retry', 'hdmiLost', 'hdmiRestored'],
    updates: {
      addOutput: output('added'),
      removeOutput: 'added',
      resumeOutput: 'first',
      reconfigure: null,
    },
  },
  {
    name: 'stream',
    entry: {
      resolver: { kind: 'command', argv: ['live-url'] },
      recovery: { connection_wait: '300ms', early_return: false },
    },
    signals: ['pause', 'resume', 'retry'],
    updates: { reconfigure: null },
  },
  {
    name: 'source',
    entry: { url: 'http://127.0.0.1:9/' },
    signals: ['pause', 'resume', 'retry', 'fetchNow', 'resetBreaker'],
    updates: { reconfigure: null },
  },
];

let stage: WorkflowStage;
/** Run keys of what a host would have a process of, and sources that are being fetched. */
const living = new Set<string>();
/** When runs were ended. As in custody, a run whose end was asked for after its beginning does not begin; the next of its name does. */
const endedAtMs = new Map<string, number>();
/** Whoever has asked for a run last is told of its end: as in custody. */
const owners = new Map<string, Uint8Array>();
const doubled: string[] = [];
let runsFail = true;
const cycles = new Map<string, number>();
const branchOf = (runKey: string) => runKey.slice(0, runKey.lastIndexOf('/'));
const livingOf = (id: string) => [...living].filter((runKey) => runKey.startsWith(`${id}/`));

function isEnded(runKey: string): boolean {
  return Context.current().info.scheduledTimestampMs <= (endedAtMs.get(runKey) ?? 0);
}

/** The run ends by itself, unless it is told to before. */
function failSoon(spec: RunSpec): void {
  setTimeout(() => {
    const taskToken = owners.get(spec.runKey);
    if (taskToken === undefined || !living.delete(spec.runKey)) return;
    endedAtMs.set(spec.runKey, Date.now());
    const end = failedRun(spec, 'network_disconnect', 'connection reset by peer');
    // Nobody waits any more for the end of a run that its workflow has stopped in this moment.
    void stage.client.activity.complete(taskToken, end).catch(() => undefined);
  }, Math.random() * FAILS_WITHIN_MS);
}

const activities = {
  recordNotifications: () => Promise.resolve(),
  saveSourceStatus: () => Promise.resolve(),
  resolveStream: () => Promise.resolve({ kind: 'live', media: { url: 'http://127.0.0.1:9/' } }),
  startRun: (spec: RunSpec) => {
    if (isEnded(spec.runKey)) return endBeforeStart(spec.runKey, new Date().toISOString());
    if (livingOf(branchOf(spec.runKey)).some((other) => other !== spec.runKey)) doubled.push(spec.runKey);
    living.add(spec.runKey);
    owners.set(spec.runKey, Context.current().info.taskToken);
    stage.tellStarted(spec);
    if (runsFail && Math.random() < 1 / 3) failSoon(spec);
    throw new CompleteAsyncError();
  },
  stopRun: ({ runKey }: StopRunInput) => {
    living.delete(runKey);
    endedAtMs.set(runKey, Context.current().info.scheduledTimestampMs);
    return Promise.resolve(null);
  },
  runCycle: async ({ config, memory }: RunCycleInput): Promise<CycleResult> => {
    const id = `source/${(config as { id: string }).id}`;
    if (living.has(`${id}/`)) doubled.push(id);
    living.add(`${id}/`);
    await sleep(CYCLE_MS);
    living.delete(`${id}/`);
    cycles.set(id, (cycles.get(id) ?? 0) + 1);
    const found = { detail: null, items: 0, newItems: 0, changedItems: 0 };
    return { outcome: 'not_modified', ...found, memory: { ...memory, lastBeganMs: Date.now() } };
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set({ historyEventsMax: HISTORY_EVENTS_MAX });
  await stage.perform(activities);
}, 120_000);

afterAll(() => stage.close(), 60_000);

/** One instance, and everything that it is told. */
class Stormed {
  readonly id: string;
  readonly bursts: readonly (readonly string[])[];
  readonly #kind: Kind;
  #entry: Readonly<Record<string, unknown>>;
  #cyclesBefore = 0;

  constructor(number: number) {
    this.#kind = KINDS[number % KINDS.length] as Kind;
    const { name, signals, updates, entry } = this.#kind;
    this.id = `${name}/n${number}`;
    const burst = fc.array(fc.constantFrom(...signals, ...Object.keys(updates)), {
      minLength: 1,
      maxLength: 6,
    });
    this.bursts = fc.sample(burst, { seed: SEED + number, numRuns: BURSTS });
    this.#entry = { id: `n${number}`, ...entry };
  }

  get handle() {
    return stage.client.workflow.getHandle(this.id);
  }

  async start(): Promise<void> {
    const options = { workflowId: this.id, taskQueue: 'holdfast', args: [this.#entry] };
    await stage.client.workflow.start(this.#kind.name, options);
  }

  /** In order; what an update is answered is known only once workflows run. */
  async tell(messages: readonly string[]): Promise<Promise<unknown>[]> {
    const answers: Promise<unknown>[] = [];
    for (const message of messages) {
      if (this.#kind.signals.includes(message)) await this.handle.signal(message);
      // An output that is not there, or there already, is refused.
      else answers.push(this.#update(message).catch(() => undefined));
    }
    return answers;
  }

  /** Lifts whatever keeps it from its work; a source is fetched again, too. */
  async tellToGoOn(): Promise<void> {
    if (this.#kind.name === 'source') await this.#untilFetched();
    this.#cyclesBefore = cycles.get(this.id) ?? 0;
    await Promise.all(
      await this.tell(['resume', this.#kind.name === 'source' ? 'fetchNow' : 'hdmiRestored']),
    );
  }

  /** A fetch that is asked for while one is under way is that one. */
  async #untilFetched(): Promise<void> {
    const isFetched = async () => !/fetching|ending/.test((await this.#status()).detail);
    await until(isFetched, WITHIN_MS, () => `the end of the fetch of ${this.id}`);
  }

  #status(): Promise<InstanceStatus> {
    return this.handle.query<InstanceStatus>('status');
  }

  async #update(name: string): Promise<unknown> {
    const interval = `${10 + Math.random() * 10}m`;
    const key = this.#kind.name === 'source' ? 'every' : 'stall_timeout';
    if (name === 'reconfigure') this.#entry = { ...this.#entry, [key]: interval };
    return await this.handle.executeUpdate(name, { args: [this.#kind.updates[name] ?? this.#entry] });
  }

  /** Every branch runs, each with one run and no other; a source has been fetched once more. */
  async untilAtWork(): Promise<void> {
    let status: InstanceStatus | undefined;
    await until(
      async () => {
        status = await this.#status();
        return this.#isAtWork(status);
      },
      WITHIN_MS,
      () => `${this.id}; ${JSON.stringify({ status, living: livingOf(this.id), told: this.bursts })}`,
    );
  }

  #isAtWork({ state, branches }: InstanceStatus): boolean {
    if (this.#kind.name === 'source') {
      const wasFetched = (cycles.get(this.id) ?? 0) > this.#cyclesBefore;
      return state !== 'paused' && livingOf(this.id).length === 0 && wasFetched;
    }
    const runs = branches.map(({ name, run }) => `${this.id}/${name}/${run}`);
    const areRunning = branches.every(({ state }) => state === 'running');
    return areRunning && JSON.stringify(runs.toSorted()) === JSON.stringify(livingOf(this.id).toSorted());
  }
}

async function expectReplays(stormed: readonly Stormed[]): Promise<void> {
  const histories = await Promise.all(
    stormed.map(async ({ id, handle }) => ({ workflowId: id, history: await handle.fetchHistory() })),
  );
  const { workflowBundle } = stage;
  const failures: unknown[] = [];
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    replayed += 1;
    if (error !== undefined) failures.push([workflowId, error.message]);
  }
  expect({ replayed, failures }).toEqual({ replayed: stormed.length, failures: [] });
}

describe('bursts of messages', () => {
  it('end no instance, double no run, and the last of them counts', async () => {
    const stormed = Array.from({ length: INSTANCES }, (_, number) => new Stormed(number));
    await Promise.all(stormed.map((each) => each.start()));
    await Promise.all(stormed.map((each) => each.untilAtWork()));
    for (let burst = 0; burst < BURSTS; burst += 1) {
      // Every other burst reaches workflows that are at work.
      if (burst % 2 === 0) await stage.pauseWorkflows();
      const answers = await Promise.all(stormed.map((each) => each.tell(each.bursts[burst] ?? [])));
      await stage.resumeWorkflows();
      await Promise.all(answers.flat());
    }
    runsFail = false;
    await Promise.all(stormed.map((each) => each.tellToGoOn()));
    await Promise.all(stormed.map((each) => each.untilAtWork()));
    expect(doubled).toEqual([]);

    await Promise.all(stormed.map((each) => each.handle.signal('stop')));
    const ends = await Promise.all(stormed.map((each) => each.handle.result()));
    for (const end of ends) expect(end).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    expect([...living]).toEqual([]);
    await expectReplays(stormed);
    const { count } = await stage.client.workflow.count(`ExecutionStatus = 'ContinuedAsNew'`);
    expect(count).toBeGreaterThan(INSTANCES);
  }, 420_000);
});
