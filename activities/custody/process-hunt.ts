import { readFileSync, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type ProcessStat, readProcessStat } from './process-info.js';

/** The variable in the environment of every process of a run, however far it has strayed. */
export const RUN_NONCE_VARIABLE = 'HOLDFAST_RUN';
/** Requests within this time share one walk through /proc, which takes a few milliseconds. */
const SHARED_SCAN_DELAY_MS = 10;

/** Processes looked at in one go; in between, other work of the worker gets its turn. */
const SCAN_CHUNK = 64;

interface Request {
  readonly nonce: string;
  readonly group: number | null;
  readonly resolve: (found: readonly ProcessStat[]) => void;
}

/** Finds the living processes of a run wherever they are. */
export class ProcessHunt {
  #requests: Request[] = [];

  /**
   * Every process with the run's nonce in its environment and, when `group` is given, every member of that process group
   * and session (a tool may have emptied its environment).
   */
  find(nonce: string, group: number | null = null): Promise<readonly ProcessStat[]> {
    return new Promise((resolve) => {
      this.#requests.push({ nonce, group, resolve });
      if (this.#requests.length === 1) setTimeout(() => void this.#scan(), SHARED_SCAN_DELAY_MS);
    });
  }

  async #scan(): Promise<void> {
    const requests = this.#requests;
    this.#requests = [];
    const found = requests.map((): ProcessStat[] => []);
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    for (let start = 0; start < pids.length; start += SCAN_CHUNK) {
      if (start > 0) await setImmediate();
      for (const pid of pids.slice(start, start + SCAN_CHUNK)) sortIn(pid, requests, found);
    }
    for (const [index, { resolve }] of requests.entries()) resolve(found[index] ?? []);
  }
}

/** Most processes are nobody's: their environment is all that is read of them. */
function sortIn(pid: number, requests: readonly Request[], found: ProcessStat[][]): void {
  const nonce = readNonce(pid);
  const isWanted = nonce !== null && requests.some((request) => request.nonce === nonce);
  if (!isWanted && requests.every(({ group }) => group === null)) return;
  const stat = readProcessStat(pid);
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return;
  for (const [index, request] of requests.entries()) {
    const inGroup = request.group !== null && stat.group === request.group && stat.session === request.group;
    if (request.nonce === nonce || inGroup) found[index]?.push(stat);
  }
}

/** Null for processes without one and for those of other users, which cannot be ours. */
function readNonce(pid: number): string | null {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const start = `\0${environment}`.indexOf(`\0${RUN_NONCE_VARIABLE}=`);
    if (start < 0) return null;
    const value = environment.slice(start + RUN_NONCE_VARIABLE.length + 1);
    return value.slice(0, value.indexOf('\0'));
  } catch {
    return null;
  }
}
