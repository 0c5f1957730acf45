// A full disk and a child that fills it: verdicts survive, logs stay bounded.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { boundLog, readLogTail } from '../../../activities/custody/bounded-log.js';
import { CHILDREN, commandSpec, CustodyBench, processesWith, until } from './bench.js';
import { itMountsInANamespace, MAY_MOUNT } from '../../support/mounting.js';

const KEY = 'stream/test/recording/1';

let bench: CustodyBench | undefined;
const mounts: string[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    for (const pid of processesWith(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  }
  await bench?.tearDown().catch(() => {});
  bench = undefined;
  for (const mount of mounts.splice(0)) {
    execFileSync('umount', ['--lazy', mount]);
    rmSync(mount, { recursive: true, force: true });
  }
});

/** A file system of two megabytes. */
function smallDisk(): string {
  const mount = mkdtempSync(join(tmpdir(), 'custody-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mount]);
  mounts.push(mount);
  const dataDir = join(mount, 'data');
  mkdirSync(dataDir);
  return dataDir;
}

/** Writes until nothing more fits. */
function fill(folder: string): void {
  const block = Buffer.alloc(4_096, 1);
  for (let number = 0; ; number += 1) {
    try {
      writeFileSync(join(folder, `filler-${number}`), block);
    } catch {
      return;
    }
  }
}

describe('a full disk', () => {
  if (!MAY_MOUNT) {
    itMountsInANamespace('test/activities/custody/disk.test.ts', 180_000);
    return;
  }

  it('loses neither the exit status nor the verdict nor the reason that the tool prints', async () => {
    const dataDir = smallDisk();
    bench = new CustodyBench(dataDir);
    bench.owner.reachable = false;
    const folder = mkdtempSync(join(tmpdir(), 'custody-go-'));
    folders.push(folder);
    const go = join(folder, 'go');
    const script = 'while [ ! -e "$0" ]; do sleep 0.05; done; echo "No space left on device" >&2; exit 28';
    const first = await bench.custody();
    await first.adoptOrStart(commandSpec(['sh', '-c', script, go]), bench.lease());
    const runDir = join(dataDir, 'runs', encodeURIComponent(KEY));
    await until('room for the log is reserved', () => statSync(join(runDir, 'stderr.log')).blocks > 0);
    fill(dataDir);
    expect(() => writeFileSync(join(dataDir, 'more'), Buffer.alloc(8_192))).toThrow('ENOSPC');
    writeFileSync(go, '');
    await until('the process has ended', () => first.snapshot()[0]?.phase === 'ended');
    await until('the verdict is on disk', () =>
      readFileSync(join(runDir, 'verdict.json'), 'utf8').includes('"exitCode":28'),
    );
    await first.close();

    bench.owner.reachable = true;
    await bench.custody();
    await until('the end is told', () => bench?.owner.ends.length === 1);
    expect(bench.owner.ends[0]?.end).toMatchObject({ exitCode: 28, logTail: 'No space left on device' });
  });

  it('is the cause when a run cannot even get its directory', async () => {
    const dataDir = smallDisk();
    bench = new CustodyBench(dataDir);
    const custody = await bench.custody();
    fill(dataDir);
    const outcome = await custody.adoptOrStart(commandSpec(['true']), bench.lease());
    expect(outcome).toMatchObject({ kind: 'ended', end: { outcome: 'failed', cause: 'storage_full' } });
  });

  it('does not keep a stop from being remembered', async () => {
    const dataDir = smallDisk();
    bench = new CustodyBench(dataDir);
    const custody = await bench.custody();
    await custody.adoptOrStart(commandSpec(['sleep', '600']), bench.lease());
    fill(dataDir);
    const end = await custody.stopRun(KEY, 'asked to');
    expect(end).toMatchObject({ outcome: 'stopped' });
    const stop = readFileSync(join(dataDir, 'runs', encodeURIComponent(KEY), 'stop'), 'utf8');
    expect(stop).toContain('asked to');
  });
});

describe('a child that floods its log with a gigabyte', () => {
  it('fills no disk, and what it says afterwards is intact', async () => {
    bench = new CustodyBench();
    const logBytesMax = 256 * 1024;
    const custody = await bench.custody({}, { logBytesMax, pollIntervalMs: 50, floodIntervalMs: 20 });
    await custody.adoptOrStart(commandSpec([`${CHILDREN}floods-stderr.sh`]), bench.lease());
    const log = join(bench.dataDir, 'runs', encodeURIComponent(KEY), 'stderr.log');
    let largest = 0;
    await until(
      'the flood is over',
      () => {
        largest = Math.max(largest, statSync(log).size);
        return readLogTail(log, 100).includes('flood is over');
      },
      60_000,
    );
    // A busy machine looks late: the bound is what can be written in a few looks, far from a gigabyte.
    expect(largest).toBeLessThan(400 * 1024 * 1024);
    await until('the log is short again', () => statSync(log).size <= logBytesMax);
    expect(statSync(`${log}.head`).size).toBe(64 * 1024);
    expect(statSync(`${log}.tail`).size).toBe(64 * 1024);
    const end = await custody.stopRun(KEY, 'test');
    expect(end?.logTail.length).toBeLessThanOrEqual(1_500);
    expect(end?.logTail.endsWith('flood is over')).toBe(true);
  }, 90_000);
});

describe('boundLog', () => {
  it('keeps the head once and the newest tail, and reads back over the cut', () => {
    const folder = mkdtempSync(join(tmpdir(), 'custody-log-'));
    const path = join(folder, 'log');
    const bounds = { logBytesMax: 100, logBytesKept: 10 };
    writeFileSync(path, `first-----${'a'.repeat(100)}tail-one--`);
    expect(boundLog(path, bounds)).toBe(true);
    writeFileSync(path, `second----${'b'.repeat(100)}tail-two--`);
    expect(boundLog(path, bounds)).toBe(true);
    writeFileSync(path, 'rest');
    expect(boundLog(path, bounds)).toBe(false);
    expect(readFileSync(`${path}.head`, 'utf8')).toBe('first-----');
    expect(readLogTail(path, 8)).toBe('two--'.slice(1) + 'rest');
    expect(readLogTail(path, 100)).toBe('tail-two--rest');
    rmSync(folder, { recursive: true });
    expect(existsSync(path)).toBe(false);
    expect(boundLog(path, bounds)).toBe(false);
  });

  it('keeps the words that a child says while its log is being cut', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'custody-log-'));
    folders.push(folder);
    const path = join(folder, 'log');
    // More than a pipe holds: whoever writes the tail to one waits until it is read, and the child speaks in between.
    const logBytesKept = 256 * 1024;
    writeFileSync(path, 'x'.repeat(2 * logBytesKept));
    execFileSync('mkfifo', [`${path}.tail`]);
    // Opening it for reading waits for the writer, which has read the log by then; open for writing as well, it never seems to end.
    const script = `exec 3<"$0.tail" 4<>"$0.tail"; echo "last words" >> "$0"
      head -c ${logBytesKept} <&3 > "$0.first"; head -c ${logBytesKept} <&3 > "$0.second"`;
    const child = spawn('sh', ['-c', script, path]);
    const ended = once(child, 'exit');
    expect(boundLog(path, { logBytesMax: logBytesKept, logBytesKept })).toBe(true);
    await ended;
    expect(statSync(path).size).toBe(0);
    expect(readFileSync(`${path}.first`, 'utf8').endsWith('xxx')).toBe(true);
    const kept = readFileSync(`${path}.second`, 'utf8');
    expect(kept.length).toBe(logBytesKept);
    expect(kept.endsWith('xxxlast words\n')).toBe(true);
  });
});
