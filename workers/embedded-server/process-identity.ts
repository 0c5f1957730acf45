import {
  isAlive,
  readBootId,
  readProcessStat,
  type ProcessIdentity,
} from '../../activities/custody/process-info.js';

/** Names a process over reboots too, because `server.json` may be older than this boot. */
export interface ServerIdentity extends ProcessIdentity {
  readonly bootId: string;
}

/** Who `pid` is now; start ticks of -1, which no process has, when there is none. */
export function identifyProcess(pid: number): ServerIdentity {
  return { pid, startTicks: readProcessStat(pid)?.startTicks ?? -1, bootId: readBootId() };
}

/** True while exactly this process lives. */
export function isSameProcess(identity: ServerIdentity): boolean {
  return identity.bootId === readBootId() && isAlive(identity);
}
