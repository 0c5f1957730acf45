import { isAlive, type ProcessIdentity } from './process-info.js';

/** Signals a whole process group whose leader is known to live. */
export function signalGroup(leader: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isAlive(leader)) send(-leader.pid, signal);
}

/** Signals each of the processes that is still itself. */
export function signalEach(members: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const member of members) {
    if (isAlive(member)) send(member.pid, signal);
  }
}

/** True while the group has a member. Only meaningful right after its leader has ended: numbers are given out again. */
export function groupHasMembers(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // It ended between the look and the signal: that is what the signal was for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
