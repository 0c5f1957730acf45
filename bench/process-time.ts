import { readdir, readFile } from 'node:fs/promises';

const CLOCK_TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used, its ended children not counted; 0 when it is gone. */
export async function processSeconds(pid: number): Promise<number> {
  return (await readStat(pid))?.seconds ?? 0;
}

/** CPU seconds that the living processes of a group have used together. */
export async function groupSeconds(group: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readStat(Number(pid))));
  return stats.reduce((sum, stat) => sum + (stat?.group === group ? stat.seconds : 0), 0);
}

async function readStat(pid: number): Promise<{ group: number; seconds: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // What is before the last parenthesis may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 13) return null;
  return {
    group: Number(fields[2]),
    seconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND,
  };
}
