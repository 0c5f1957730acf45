// Goal: whatever messages a capture or a stream gets, in whatever order and however many in one workflow task, it ends only when somebody
// says stop, has never two runs of one branch at a time, and does in the end what it was told last. Method: random bursts for many
// instances at once, gathered while no worker runs workflows; the host's activities only note what they are asked for.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompleteAsyncError } from '@temporalio/activity';
import fc from 'fast-check';
import type { StopRunInput } from '../../core/activity-contract.js';
import type { InstanceStatus } from '../../core/instance-status.js';
import { endBeforeStart, type RunSpec } from '../../core/run.js';
import { until } from '../support/cluster.js';
import { WorkflowStage } from '../support/workflow-stage.js';

const INSTANCES = 24;
const BURSTS = 5;
const SEED = Number(process.env['SEED'] ?? 20_261_122);
const ADDED = { name: 'added', kind: 'push', url: 'rtmp://127.0.0.1:9/live/added' };
const SIGNALS: Readonly<Record<string, readonly string[]>> = {
  capture: ['pause', 'resume', 'retry', 'hdmiLost', 'hdmiRestored'],
  stream: ['pause', 'resume', 'retry'],
};
const UPDATES: Readonly<Record<string, readonly string[]>> = {
  capture: ['addOutput', 'removeOutput', 'resumeOutput', 'reconfigure'],
  stream: ['reconfigure'],
};

let stage: WorkflowStage;
/** Run keys of what a host would have a process of. */
const living = new Set<string>();
/** A run whose end comes before its beginning does not begin: as in custody. */
const ended = new Set<string>();
const doubled: string[] = [];
const branchOf = (runKey: string) => runKey.slice(0, runKey.lastIndexOf('/'));
const livingOf = (id: string) => [...living].filter((runKey) => runKey.startsWith(`${id}/`));

const activities = {
  recordNotifications: () => Promise.resolve(),
  resolveStream: () => Promise.resolve({ kind: 'live', media: { url: 'http://127.0.0.1:9/' } }),
  startRun: (spec: RunSpec) => {
    if (ended.has(spec.runKey)) return endBeforeStart(spec.runKey, new Date().toISOString());
    if (livingOf(branchOf(spec.runKey)).some((other) => other !== spec.runKey)) doubled.push(spec.runKey);
    living.add(spec.runKey);
    const started = { runKey: spec.runKey, at: new Date().toISOString() };
    // A stream that was stopped in this moment hears it no more.
    void stage.client.workflow
      .getHandle(spec.workflowId)
      .signal('runStarted', started)
      .catch(() => undefined);
    throw new CompleteAsyncError();
  },
  stopRun: ({ runKey }: StopRunInput) => {
    living.delete(runKey);
    ended.add(runKey);
    return Promise.resolve(null);
  },
};

beforeAll(async () => {
  stage = await WorkflowStage.set();
  await stage.perform(activities);
}, 120_000);

afterAll(() => stage.close(), 60_000);

/** One instance, and everything that it is told. */
class Stormed {
  readonly kind: 'capture' | 'stream';
  readonly id: string;
  readonly bursts: readonly (readonly string[])[];
  #entry: Readonly<Record<string, unknown>>;

  constructor(number: number) {
    this.kind = number % 3 === 0 ? 'stream' : 'capture';
    this.id = `${this.kind}/n${number}`;
    const message = fc.constantFrom(...(SIGNALS[this.kind] ?? []), ...(UPDATES[this.kind] ?? []));
    const burst = fc.array(message, { minLength: 1, maxLength: 6 });
    this.bursts = fc.sample(burst, { seed: SEED + number, numRuns: BURSTS });
    const outputs = ['first', 'second'].map((name) => ({ ...ADDED, name, url: `${ADDED.url}/${name}` }));
    const what =
      this.kind === 'stream'
        ? { resolver: { kind: 'command', argv: ['live-url'] } }
        : { input: { kind: 'ffmpeg', args: ['-i', 'x'] }, outputs };
    this.#entry = { id: `n${number}`, stall_timeout: '15s', ...what };
  }

  get handle() {
    return stage.client.workflow.getHandle(this.id);
  }

  async start(): Promise<void> {
    const options = { workflowId: this.id, taskQueue: 'holdfast', args: [this.#entry] };
    await stage.client.workflow.start(this.kind, options);
  }

  status(): Promise<InstanceStatus> {
    return this.handle.query<InstanceStatus>('status');
  }

  /** In order; what an update is answered is known only once workflows run. */
  async tell(messages: readonly string[]): Promise<Promise<unknown>[]> {
    const answers: Promise<unknown>[] = [];
    for (const message of messages) {
      if (SIGNALS[this.kind]?.includes(message) === true) await this.handle.signal(message);
      // An output that is not there, or there already, is refused.
      else answers.push(this.#update(message).catch(() => undefined));
    }
    return answers;
  }

  async #update(name: string): Promise<unknown> {
    if (name === 'reconfigure')
      this.#entry = { ...this.#entry, stall_timeout: `${10 + Math.random() * 10}s` };
    const argument = { addOutput: ADDED, removeOutput: 'added', resumeOutput: 'first' }[name] ?? this.#entry;
    return await this.handle.executeUpdate(name, { args: [argument] });
  }

  /** Every branch runs, each with one run and no other. */
  async untilAllRun(): Promise<void> {
    let last: unknown;
    await until(
      async () => {
        const { state, detail, branches } = await this.status();
        last = { state, detail, branches: branches.map((branch) => [branch.name, branch.state, branch.run]) };
        const runs = branches.map(({ name, run }) => `${this.id}/${name}/${run}`);
        return (
          branches.every((branch) => branch.state === 'running') &&
          JSON.stringify(runs.toSorted()) === JSON.stringify(livingOf(this.id).toSorted())
        );
      },
      30_000,
      () => `${this.id} to run; ${JSON.stringify({ last, living: livingOf(this.id), told: this.bursts })}`,
    );
  }
}

describe('bursts of messages', () => {
  it('end no instance, double no run, and the last of them counts', async () => {
    const stormed = Array.from({ length: INSTANCES }, (_, number) => new Stormed(number));
    await Promise.all(stormed.map((each) => each.start()));
    await Promise.all(stormed.map((each) => each.untilAllRun()));
    for (let burst = 0; burst < BURSTS; burst += 1) {
      await stage.pauseWorkflows();
      const answers = await Promise.all(stormed.map((each) => each.tell(each.bursts[burst] ?? [])));
      await stage.resumeWorkflows();
      await Promise.all(answers.flat());
    }
    await Promise.all(stormed.map((each) => each.tell(['resume', 'hdmiRestored'])));
    await Promise.all(stormed.map((each) => each.untilAllRun()));
    expect(doubled).toEqual([]);

    await Promise.all(stormed.map((each) => each.handle.signal('stop')));
    const ends = await Promise.all(stormed.map((each) => each.handle.result()));
    for (const end of ends) expect(end).toMatchObject({ state: 'stopped', reason: 'stop requested' });
    expect([...living]).toEqual([]);
  }, 300_000);
});
