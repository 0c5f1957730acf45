import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FarmAnswer, FarmQuestion, FarmReport } from './farm-messages.js';

/** The farm of sources, in a process of its own. */
export class Farm {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<Farm> {
    const child = fork(fileURLToPath(new URL('./farm.js', import.meta.url)));
    const [answer] = (await once(child, 'message')) as [FarmAnswer];
    if (!('port' in answer)) throw new Error('should not happen: the farm did not name its port');
    return new Farm(child, answer.port);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.port}/${name}`;
  }

  /** What has been asked since the last question. */
  async ask(question: FarmQuestion): Promise<FarmReport> {
    this.#child.send(question);
    const [answer] = (await once(this.#child, 'message')) as [FarmAnswer];
    if (!('requests' in answer)) throw new Error('should not happen: the farm did not report');
    return answer;
  }

  async close(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
