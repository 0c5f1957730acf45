import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in clock ticks since boot, as `/proc/<pid>/stat` has it. */
  readonly startTicks: number;
}

/** What `/proc/<pid>/stat` says, as far as custody needs it. */
export interface ProcessStat extends ProcessIdentity {
  /** One letter; `Z` is a process that has ended and waits for its parent. */
  readonly state: string;
  readonly group: number;
  readonly session: number;
}

/** Reads one line of `/proc/<pid>/stat`; null when it is none. The program's name may hold spaces and parentheses. */
export function parseProcessStat(line: string): ProcessStat | null {
  const nameStart = line.indexOf(' (');
  const nameEnd = line.lastIndexOf(') ');
  if (nameStart < 0 || nameEnd < nameStart) return null;
  const fields = line.slice(nameEnd + 2).split(' ');
  const stat = {
    pid: Number(line.slice(0, nameStart)),
    state: fields[0] ?? '',
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTicks: Number(fields[19]),
  };
  const complete = [stat.pid, stat.group, stat.session, stat.startTicks].every(Number.isInteger);
  return complete ? stat : null;
}

/** The process with this number, or null when there is none (any more). */
export function readProcessStat(pid: number): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** True while the very process lives: not a zombie, not another one that was given its number. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readProcessStat(identity.pid);
  return stat !== null && stat.startTicks === identity.startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

/** Names this boot of the machine: numbers and start times of processes mean nothing in another one. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
