import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { pino } from 'pino';
import { createCustody, type Custody } from '../../activities/custody/custody.js';
import type { RunHandler } from '../../activities/custody/handler.js';
import { createIngestHandler, createPushHandler } from '../../activities/pipeline/index.js';
import { ingestCommand } from '../../activities/pipeline/ingest-command.js';
import { createHubRecordHandler } from '../../activities/recording/index.js';
import { classify } from '../../core/classify/index.js';
import { captureSchema } from '../../core/config/capture.js';
import { hubOf, type HubAddress } from '../../core/hub.js';
import { runKeyOf, type Recipe } from '../../core/run.js';
import { MemoryOwner } from '../../test/activities/custody/memory-owner.js';
import { until } from '../../test/support/cluster.js';
import { groupSeconds } from '../process-time.js';
import { droppedDatagrams } from './dropped-datagrams.js';
import { filesIn, hasGrown } from './output-files.js';
import type { Feed, NoticedLosses, Pipeline, PipelineSeconds } from './pipeline.js';

const WORKFLOW_ID = 'capture/bench';
const INGEST = 'ingest';
const START_TIMEOUT_MS = 60_000;
const SEGMENT_MS = 4_000;
const STALL_TIMEOUT_MS = 60_000;
const logger = pino({ level: 'silent' });

/** Custody with the handlers of captures: the first output records, the others push into files. */
export class HubPipeline implements Pipeline {
  readonly name = 'hub';
  readonly #feed: Feed;
  readonly #folder: string;
  readonly #hub: HubAddress;
  readonly #outputs: readonly string[];
  readonly #owner = new MemoryOwner();
  readonly #custody: Custody;
  #dropped = 0;

  constructor(feed: Feed, folder: string, outputs: number) {
    this.#feed = feed;
    this.#folder = folder;
    this.#hub = hubOf(folder);
    this.#outputs = Array.from({ length: outputs }, (_, index) => `output-${index}`);
    this.#custody = this.#createCustody();
  }

  async start(): Promise<void> {
    this.#custody.start();
    await this.#custody.lead;
    for (const [index, output] of this.#outputs.entries()) {
      await mkdir(this.#pushFolder(output), { recursive: true });
      await this.#run(output, this.#outputRecipe(output, index));
    }
    await this.#run(INGEST, this.#ingestRecipe());
    const folders = this.#outputs.map((output, index) => this.#mediaFolder(output, index));
    await until(() => hasGrown(folders), START_TIMEOUT_MS, 'every output of the hub to deliver');
  }

  async cpuSeconds(): Promise<PipelineSeconds> {
    const groups = new Map(this.#custody.snapshot().map(({ runKey, pid }) => [runKey, pid ?? 0]));
    const secondsOf = (branch: string) => groupSeconds(groups.get(runKeyOf(WORKFLOW_ID, branch, 1)) ?? 0);
    const outputs = await Promise.all(this.#outputs.map(secondsOf));
    return { all: outputs.reduce((sum, seconds) => sum + seconds, await secondsOf(INGEST)), outputs };
  }

  async stop(): Promise<void> {
    this.#dropped = await droppedDatagrams(this.#hub);
    await Promise.all(this.#outputs.map((output) => this.#stopRun(output)));
    await this.#stopRun(INGEST);
    await this.#custody.close();
  }

  async files(): Promise<string[][]> {
    return await Promise.all(this.#outputs.map((output, index) => filesIn(this.#mediaFolder(output, index))));
  }

  noticedLosses(): NoticedLosses {
    const errors = this.#owner.ends.map(({ end }) => end.continuityErrors ?? 0);
    return {
      continuityErrors: errors.reduce((sum, count) => sum + count, 0),
      droppedDatagrams: this.#dropped,
    };
  }

  async #run(branch: string, recipe: Recipe): Promise<void> {
    const runKey = runKeyOf(WORKFLOW_ID, branch, 1);
    await this.#custody.adoptOrStart(
      {
        runKey,
        workflowId: WORKFLOW_ID,
        branch,
        run: 1,
        recipe,
        stallTimeoutMs: STALL_TIMEOUT_MS,
        locks: [],
        ...(branch === INGEST ? {} : { fedBy: INGEST }),
      },
      { token: branch, heartbeatTimeoutMs: 30_000 },
    );
  }

  async #stopRun(branch: string): Promise<void> {
    await this.#custody.stopRun(runKeyOf(WORKFLOW_ID, branch, 1), { reason: 'stopped' });
  }

  #ingestRecipe(): Recipe {
    const { input, encode } = captureSchema.parse({ id: 'bench', input: { ffmpeg: [...this.#feed.input] } });
    return { kind: 'capture-ingest', input, encode: this.#feed.encode ?? encode, hub: this.#hub };
  }

  #outputRecipe(output: string, index: number): Recipe {
    if (index === 0) {
      const record = { container: 'mpegts' as const, segmentMs: SEGMENT_MS };
      return { kind: 'record-hub', hub: this.#hub, record, storage: {} };
    }
    const url = `file:${join(this.#pushFolder(output), 'copy.ts')}`;
    return { kind: 'push-hub', hub: this.#hub, target: { url, format: 'auto' } };
  }

  #pushFolder(output: string): string {
    return join(this.#folder, 'pushed', output);
  }

  #mediaFolder(output: string, index: number): string {
    return index === 0
      ? join(this.#folder, 'recordings', ...WORKFLOW_ID.split('/'), output)
      : this.#pushFolder(output);
  }

  #createCustody(): Custody {
    const encoding = createIngestHandler({ probeSignal: () => Promise.resolve(null) });
    return createCustody({
      dataDir: this.#folder,
      host: 'bench',
      owner: this.#owner,
      logger,
      classify,
      handlers: {
        'capture-ingest': this.#feed.encode === null ? passingOn(encoding, this.#feed, this.#hub) : encoding,
        'push-hub': createPushHandler(),
        'record-hub': createHubRecordHandler({ dataDir: this.#folder, logger }),
      },
    });
  }
}

/** The ingest without its encoder, so that what is measured is the hub. */
function passingOn(encoding: RunHandler, { input }: Feed, hub: HubAddress): RunHandler {
  return {
    watch: (run) => encoding.watch(run),
    plan: (_spec, paths) => {
      const source = { arguments: input, maps: ['-map', '0'], mayHaveAudio: true };
      const argv = ingestCommand('ffmpeg', source, { before: [], output: ['-c', 'copy'] }, hub);
      return Promise.resolve({ stages: [{ argv }], cwd: paths.runDir, progress: 'ffmpeg', secrets: [] });
    },
  };
}
