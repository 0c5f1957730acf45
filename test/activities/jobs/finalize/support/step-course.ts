import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepArtifact } from '../../../../../activities/jobs/artifacts.js';
import { foldersOf, type JobFolders } from '../../../../../activities/jobs/folders.js';
import { Pace } from '../../../../../activities/jobs/pace.js';
import type { StepContext } from '../../../../../activities/jobs/step-context.js';
import { valuesInFolder } from '../../../../../activities/jobs/values.js';
import type { StepProgress } from '../../../../../core/jobs/step.js';

const JOB_ID = 'job/tried';

/** The steps of one job, made one after the other as a worker would, and all that they tell. */
export class StepCourse {
  readonly dataDir: string;
  readonly folders: JobFolders;
  readonly logged: string[] = [];
  readonly progress: StepProgress[] = [];
  readonly announced: { readonly name: string; readonly mediaType: string }[] = [];
  readonly cancel = new AbortController();
  #attempt = 1;

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.folders = foldersOf(dataDir, JOB_ID);
  }

  /** In a temporary folder, or in one that is given. */
  static async open(parent = tmpdir()): Promise<StepCourse> {
    return await StepCourse.in(await mkdtemp(join(parent, 'holdfast-job-')));
  }

  /** In a data folder that has recordings already. */
  static async in(dataDir: string): Promise<StepCourse> {
    const course = new StepCourse(dataDir);
    await mkdir(course.folders.work, { recursive: true });
    return course;
  }

  context(): StepContext {
    const { artifacts: artifactsFolder, work: workFolder } = this.folders;
    const values = valuesInFolder(workFolder);
    const pace = new Pace(performance.now());
    return {
      jobId: JOB_ID,
      createdAt: new Date().toISOString(),
      attempt: this.#attempt,
      artifactsFolder,
      workFolder,
      dataDir: this.dataDir,
      signal: this.cancel.signal,
      report: (progress) => void this.progress.push(pace.judge(progress, performance.now())),
      log: (level, message) => void this.logged.push(`${level}: ${message}`),
      artifact: async (name, mediaType, file) => {
        await keepArtifact(this.folders, { name, mediaType, file }, 'here');
        this.announced.push({ name, mediaType });
      },
      save: (key, value) => values.save(key, value),
      load: (key) => values.load(key),
    };
  }

  /** Makes steps in order. */
  async make<Params>(
    steps: Readonly<Record<string, (params: Params, context: StepContext) => Promise<void>>>,
    params: Params,
    names: readonly string[] = Object.keys(steps),
  ): Promise<void> {
    for (const name of names) await steps[name]?.(params, this.context());
  }

  nextAttempt(): void {
    this.#attempt += 1;
  }

  artifact(name: string): string {
    return join(this.folders.artifacts, name);
  }

  async artifacts(): Promise<string[]> {
    const names: string[] = await readdir(this.folders.artifacts).catch(() => []);
    return names.sort();
  }

  /** Names of media files in the work folder, half-made ones too. */
  async halfMade(): Promise<string[]> {
    return (await readdir(this.folders.work)).filter((name) => name.includes('.mp4')).sort();
  }

  async close(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
