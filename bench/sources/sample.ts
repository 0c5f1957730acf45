import { readFile } from 'node:fs/promises';
import { processSeconds } from '../process-time.js';

/** CPU and memory of some processes. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Peaks of the processes' resident memory, added up. */
  readonly megabytes: number;
}

/** How often a process that ends by itself is looked at: what it uses after the last look is not counted. */
const LOOK_EVERY_MS = 100;

/** What these processes have used in all until now. */
export async function usageOf(pids: readonly number[]): Promise<Usage> {
  const seconds = await Promise.all(pids.map(processSeconds));
  const megabytes = await Promise.all(pids.map(peakMegabytes));
  return { cpuSeconds: sum(seconds), megabytes: sum(megabytes) };
}

/** Watches a process that ends by itself; call the result for what it had used when it was last seen. */
export function watchUsage(pid: number): () => Usage {
  let last: Usage = { cpuSeconds: 0, megabytes: 0 };
  const timer = setInterval(() => {
    void usageOf([pid]).then((usage) => {
      if (usage.cpuSeconds >= last.cpuSeconds && usage.megabytes > 0) last = usage;
    });
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return last;
  };
}

async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
