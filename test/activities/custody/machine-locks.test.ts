/**
 * Goal: what a machine has only once is used by one run at a time, whichever installation or user it belongs to, and nobody can turn the
 * folder that all of them share against another. Method: real locks of real processes of two data folders; files, links and users as
 * somebody else could have left them there.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Custody } from '../../../activities/custody/custody.js';
import { PlanError } from '../../../activities/custody/handler.js';
import {
  machineLocksFolder,
  openMachineLocks,
  readHolder,
} from '../../../activities/custody/machine-locks.js';
import { hubLock, hubOf } from '../../../core/hub.js';
import { deviceLock, outputLock } from '../../../core/resource-locks.js';
import type { RunEnd, RunSpec } from '../../../core/run.js';
import { commandSpec, CustodyBench, until } from './bench.js';

const HUB = hubLock(hubOf('studio', '239.255.7.7'));
const NOBODY = 65_534;

let machine: string;
let folder: string;
let here: CustodyBench;
let there: CustodyBench;
beforeEach(() => {
  machine = realpathSync(mkdtempSync(join(tmpdir(), 'machine-')));
  folder = join(machine, 'locks');
  here = new CustodyBench(undefined, folder);
  there = new CustodyBench(undefined, folder);
});
afterEach(async () => {
  await Promise.all([here.tearDown(), there.tearDown()]);
  rmSync(machine, { recursive: true, force: true });
});

function ingest(locks: readonly string[], changes: Partial<RunSpec> = {}): RunSpec {
  return commandSpec(['sleep', '600'], { workflowId: 'capture/studio', branch: 'ingest', locks, ...changes });
}

/** Starts a run, waits until it has all its locks and answers its custodian. */
async function hold(bench: CustodyBench, spec: RunSpec): Promise<Custody> {
  const custody = await bench.custody();
  await custody.adoptOrStart(spec, bench.lease());
  await until('it holds its locks', () =>
    spec.locks.every((lock) => readHolder(folder, lock)?.runKey === spec.runKey),
  );
  return custody;
}

/** How a run ends that asks for what another one holds. */
async function refusal(bench: CustodyBench, spec: RunSpec): Promise<RunEnd | undefined> {
  const custody = await bench.custody();
  await custody.adoptOrStart(spec, bench.lease());
  await until('it is refused', () => bench.owner.ends.length === 1);
  return bench.owner.ends[0]?.end;
}

/** How a person can tell the other installation. */
function installation(bench: CustodyBench, lock: string): string {
  return `(data folder ${bench.dataDir}, process ${readHolder(folder, lock)?.pid})`;
}

describe('two installations of one machine', () => {
  it('refuse the second capture of a hub for good, naming the first and its data folder, also under one id', async () => {
    await hold(here, ingest([HUB]));
    expect(await refusal(there, ingest([HUB]))).toMatchObject({
      outcome: 'failed',
      cause: 'invalid_pipeline',
      detail: `the hub 239.255.7.7:5004 is used by capture/studio ${installation(here, HUB)} on this host; give one of the two another \`hub\``,
    });
    expect(here.owner.ends).toEqual([]);
  });

  it('name the run that reads a device', async () => {
    const locks = [deviceLock('/dev/video0')];
    await hold(here, ingest(locks));
    expect(await refusal(there, ingest(locks))).toMatchObject({
      cause: 'encoder_hiccup',
      detail: `device busy: held by capture/studio/ingest/1 ${installation(here, locks[0] as string)}`,
    });
  });

  it('know one address of two outputs, however it is written, and keep its key to themselves', async () => {
    process.env['HOLDFAST_TEST_KEY'] = 'hunter2-hunter2';
    try {
      const written = outputLock('rtmp://live.example/app/${env:HOLDFAST_TEST_KEY}');
      const output = { workflowId: 'capture/good', branch: 'c' };
      await hold(here, ingest([written], output));
      const plain = outputLock('rtmp://live.example/app/hunter2-hunter2');
      expect(await refusal(there, ingest([plain], output))).toMatchObject({
        cause: 'encoder_hiccup',
        detail: `this address is already used by capture/good/c ${installation(here, written)}`,
      });
      const names = readdirSync(folder);
      const contents = names.map((name) => readFileSync(join(folder, name), 'utf8'));
      expect(`${names.join()}${contents.join()}`).not.toMatch(/hunter2|live\.example/);
    } finally {
      delete process.env['HOLDFAST_TEST_KEY'];
    }
  });

  it('have the hub one after the other, and the record is that of the one that has it now', async () => {
    const long = ingest([HUB], { workflowId: `capture/${'long'.repeat(20)}` });
    const custody = await hold(here, long);
    await custody.stopRun(long.runKey, 'test');
    await hold(there, ingest([HUB]));
    expect(readHolder(folder, HUB)).toMatchObject({ workflowId: 'capture/studio', dataDir: there.dataDir });
    expect(there.owner.ends).toEqual([]);
  });
});

describe('two outputs of one installation with one address', () => {
  it('say so without a word of a device', async () => {
    const locks = [outputLock('rtmp://live.example/app/x')];
    const custody = await hold(here, ingest(locks, { workflowId: 'capture/good', branch: 'c' }));
    await custody.adoptOrStart(ingest(locks, { branch: 'd' }), here.lease());
    await until('it is refused', () => here.owner.ends.length === 1);
    expect(here.owner.ends[0]?.end).toMatchObject({
      cause: 'encoder_hiccup',
      detail: 'this address is already used by capture/good/c',
    });
  });
});

describe('the folder of the locks of a machine', () => {
  it('is the same for everybody, whatever their environment says', () => {
    const before = process.env['TMPDIR'];
    const found = machineLocksFolder();
    process.env['TMPDIR'] = machine;
    try {
      expect(machineLocksFolder()).toBe(found);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    expect(statSync(dirname(found)).mode & 0o7777).toBe(0o1777);
    expect(basename(found)).toBe('holdfast');
  });

  it('lets everybody add locks and nobody remove them, also when it was made by somebody careful', () => {
    const before = process.umask(0o077);
    try {
      openMachineLocks(folder, [HUB]).forEach(closeSync);
    } finally {
      process.umask(before);
    }
    expect(statSync(folder).mode & 0o7777).toBe(0o1777);
    expect(statSync(lockFile()).mode & 0o777).toBe(0o666);
  });

  it('serves users who cannot write to the files of each other', () => {
    openMachineLocks(folder, [HUB]).forEach(closeSync);
    // Only root can become somebody else; others play both parts.
    const options = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    execFileSync('chmod', ['711', machine]);
    execFileSync('sh', ['-c', 'exec 9<"$1"; flock -n /proc/self/fd/9 true', 'sh', lockFile()], options);
    const name = lockFile();
    rmSync(name);
    execFileSync('sh', ['-c', ': >"$1"; chmod 666 "$1"', 'sh', name], options);
    const [descriptor = 0] = openMachineLocks(folder, [HUB]);
    closeSync(descriptor);
  });

  it.each<[string, (name: string, victim: string) => void]>([
    ['a link to a file', (name, victim) => symlinkSync(victim, name)],
    ['a link to nothing', (name, victim) => symlinkSync(`${victim}-to-be`, name)],
    ['a second name of a file', (name, victim) => linkSync(victim, name)],
    ['a pipe', (name) => execFileSync('mkfifo', [name])],
    ['a folder', (name) => mkdirSync(name)],
  ])('refuses %s as a lock, and leaves it alone', (_what, plant) => {
    const victim = join(machine, 'victim');
    writeFileSync(victim, 'untouched');
    openMachineLocks(folder, [HUB]).forEach(closeSync);
    const name = lockFile();
    rmSync(name);
    plant(name, victim);
    expect(() => openMachineLocks(folder, [HUB])).toThrow(PlanError);
    expect(() => openMachineLocks(folder, [HUB])).toThrow(/locks of this machine in .*locks cannot be used/);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(existsSync(`${victim}-to-be`)).toBe(false);
  });

  it('is no link to another folder', () => {
    mkdirSync(join(machine, 'elsewhere'));
    symlinkSync(join(machine, 'elsewhere'), folder);
    expect(() => openMachineLocks(folder, [HUB])).toThrow(/cannot be used: /);
    expect(readdirSync(join(machine, 'elsewhere'))).toEqual([]);
  });

  it('that cannot be used fails a run with its name, and starts nothing', async () => {
    writeFileSync(folder, '');
    expect(await refusal(here, ingest([HUB]))).toMatchObject({
      outcome: 'failed',
      logTail: '',
      firstProgressAt: null,
      detail: expect.stringContaining(`the locks of this machine in ${folder} cannot be used`),
    });
  });

  it.each(['', 'nonsense\n', '12 {"runKey":1}\n', '12 {"runKey":"a"\n'])(
    'may hold a record that says nothing: %j',
    (record) => {
      openMachineLocks(folder, [HUB]).forEach(closeSync);
      writeFileSync(lockFile(), record);
      expect(readHolder(folder, HUB)).toBeNull();
    },
  );
});

/** The only lock in the folder. */
function lockFile(): string {
  const [name = ''] = readdirSync(folder);
  return join(folder, name);
}
