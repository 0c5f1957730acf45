import { spawn } from 'node:child_process';
import { statfsSync, statSync, truncateSync } from 'node:fs';
import type { RunFiles } from './run-files.js';
import type { SupervisedRun } from './supervised-run.js';

/** Reserved for each log, so that the reason of a full disk can still be written down. */
const LOG_RESERVE = '32KiB';
/**
 * Reserved for progress, or as much of it as there is: ffmpeg never reports again once it could not write a line, and whoever reports
 * nothing is taken for stuck. About half an hour of lines.
 */
const PROGRESS_RESERVES = '1MiB 256KiB 64KiB';
const RESERVE_SCRIPT = `
reserve() { fallocate --keep-size --length "$1" "$2" 2>/dev/null; }
for length in $1; do reserve "$length" "$2" && break; done
log_reserve=$0
shift 2
for file; do reserve "$log_reserve" "$file"; done`;

/** Below this, in the log or on its disk, a line of progress may find no room. */
const LOG_ROOM_MIN_BYTES = 1_024;
const DISK_ROOM_MIN_BYTES = 64 * 1_024;
/** Unit of `blocks`, whatever the file system's own is. */
const STAT_BLOCK_BYTES = 512;
/** ffmpeg reports twice a second. */
const QUIET_MS = 1_000;

/** Reserves room for the logs of a run; where the file system cannot, nothing is lost but the room. */
export function reserveLogSpace(files: RunFiles): void {
  const logs = [files.stderrFile, files.readerFile, files.eventsFile];
  const words = ['-c', RESERVE_SCRIPT, LOG_RESERVE, PROGRESS_RESERVES, files.progressFile, ...logs];
  const child = spawn('sh', words, { stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

/** Gives back what was reserved for the progress of a run that has ended. */
export function releaseProgressRoom({ progressFile }: RunFiles): void {
  const stats = statSync(progressFile, { throwIfNoEntry: false });
  if (stats !== undefined) truncateSync(progressFile, stats.size);
}

/**
 * True while silence says nothing about a run, because the disk was full when it fell silent. Until it reports again, nobody can tell
 * whether it works.
 */
export function isMute(run: SupervisedRun): boolean {
  if (run.isMute) return true;
  const heardAtMs = run.lastAdvanceAtMs ?? Date.parse(run.stored.startedAt);
  if (Date.now() - heardAtMs >= QUIET_MS) run.isMute = !hasRoomToReport(run.files);
  return run.isMute;
}

function hasRoomToReport({ progressFile, runDir }: RunFiles): boolean {
  const stats = statSync(progressFile, { throwIfNoEntry: false });
  if (stats !== undefined && stats.blocks * STAT_BLOCK_BYTES - stats.size >= LOG_ROOM_MIN_BYTES) return true;
  const { bavail, bsize } = statfsSync(runDir);
  return bavail * bsize >= DISK_ROOM_MIN_BYTES;
}
