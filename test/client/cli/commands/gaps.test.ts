import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gapsCommand } from '../../../../client/cli/commands/gaps.js';
import { UsageError } from '../../../../client/cli/errors.js';
import { parseSince } from '../../../../client/recordings/index.js';

let dataDir: string;

async function writeManifest(id: string, branch: string, lines: readonly string[]): Promise<void> {
  const folder = join(dataDir, 'recordings', ...id.split('/'), branch);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.jsonl'), lines.map((line) => `${line}\n`).join(''));
}

const SEGMENT = '"type":"segment","bytes":1000000,"frames":1500';
const ALICE = [
  `{${SEGMENT},"file":"20260101T100000Z-1-00000.ts","start":"2026-01-01T10:00:00.000Z","end":"2026-01-01T10:01:00.000Z","run":1}`,
  '{"type":"gap","from":"2026-01-01T10:01:00.000Z","to":"2026-01-01T10:01:04.500Z","cause":"network_disconnect","evidence":"connection reset by peer"}',
  `{${SEGMENT},"file":"20260101T100104Z-2-00000.ts","start":"2026-01-01T10:01:04.500Z","end":"2026-01-01T10:02:04.500Z","run":2}`,
];
const REMOVED =
  '{"type":"removed","file":"20260101T100000Z-1-00000.ts","at":"2026-01-02T10:00:00.000Z","reason":"older than 1d"}';

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'holdfast-gaps-'));
  await writeManifest('stream/alice', 'recording', ALICE);
  await writeManifest('capture/hdmi', 'tape', ALICE.slice(0, 1));
  await writeManifest('capture/hdmi', 'backup', [...ALICE, '{"type":"film"}']);
  await writeManifest('capture/alice', 'tape', []);
  await writeManifest('capture/kept', 'tape', [...ALICE, REMOVED]);
});

afterAll(() => rm(dataDir, { recursive: true }));

/** Runs the command in this process and returns what it printed. */
async function run(...words: string[]): Promise<string> {
  const write = process.stdout.write.bind(process.stdout);
  let printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  try {
    await gapsCommand()
      .exitOverride()
      .parseAsync([...words, '--data-dir', dataDir], { from: 'user' });
  } finally {
    process.stdout.write = write;
  }
  return printed;
}

describe('holdfast gaps', () => {
  it('draws the recording as a bar and lists each gap with cause and evidence', async () => {
    const lines = (await run('stream/alice')).trimEnd().split('\n');
    expect(lines[0]).toBe('stream/alice recording  2026-01-01 10:00:00Z to 2026-01-01 10:02:04Z');
    expect(lines[1]).toMatch(/^▕█+▒·*▒█+▏$/);
    expect(lines[2]).toBe(
      '96.39 % recorded (2m 00s), 4.5s missing in 1 gap; 2 segments, 3,000 frames, 2.0 MB',
    );
    expect(lines[4]).toMatch(/2026-01-01 10:01:00Z\s+4\.5s\s+network_disconnect\s+connection reset by peer/);
  });

  it('tells what a retention setting has removed from what is missing', async () => {
    const lines = (await run('capture/kept')).trimEnd().split('\n');
    expect(lines[1]).toMatch(/^▕░+▒·*▒█+▏$/);
    expect(lines[2]).toBe(
      '96.39 % recorded (1m 00s on disk, 1m 00s removed since), 4.5s missing in 1 gap; 1 segment, 1,500 frames, 1.0 MB',
    );
    const document = JSON.parse(await run('capture/kept', '--json')) as { branches: unknown[] };
    expect(document.branches).toMatchObject([
      { removedMs: 60_000, removed: [{ from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T10:01:00.000Z' }] },
    ]);
  });

  it('prints one JSON document with everything', async () => {
    const document = JSON.parse(await run('stream/alice', '--json')) as { id: string; branches: unknown[] };
    expect(document).toMatchObject({
      id: 'stream/alice',
      branches: [
        {
          branch: 'recording',
          from: '2026-01-01T10:00:00.000Z',
          recordedMs: 120_000,
          missingMs: 4_500,
          segments: 2,
          gaps: [{ from: '2026-01-01T10:01:00.000Z', durationMs: 4_500, cause: 'network_disconnect' }],
          recorded: [{}, {}],
        },
      ],
    });
  });

  it('shows every branch of an instance, and lines of a manifest that cannot be used', async () => {
    const printed = await run('hdmi');
    expect(printed).toContain('capture/hdmi backup  2026-01-01');
    expect(printed).toContain('line 4 of the manifest: type: expected segment, gap or removed, not "film"');
    expect(printed).toContain('capture/hdmi tape  2026-01-01');
    expect(printed).toContain('100 % recorded (1m 00s), nothing missing; 1 segment,');
  });

  it('adds several recordings of one instance up, and says what none of them has', async () => {
    const printed = await run('hdmi');
    expect(printed).toContain('capture/hdmi together  2026-01-01 10:00:00Z to 2026-01-01 10:02:04Z');
    expect(printed).toContain(
      '96.39 % recorded (2m 00s) in at least one of 2 branches, 4.5s in none; 3 segments, 4,500 frames, 3.0 MB',
    );
    expect(await run('stream/alice')).not.toContain('together');
    const { together } = JSON.parse(await run('hdmi', '--json')) as { together: unknown };
    expect(together).toMatchObject({
      from: '2026-01-01T10:00:00.000Z',
      recordedMs: 120_000,
      missingMs: 4_500,
    });
  });

  it('leaves out what was before --since', async () => {
    expect(await run('stream/alice', '--since', '2026-01-01T10:01:30Z')).toContain('100 % recorded (34s)');
    expect(await run('stream/alice', '--since', '1h')).toContain('nothing recorded in this time');
  });

  it('takes no time for missing in which there was no recording yet', async () => {
    const printed = await run('capture/hdmi', '--since', '2026-01-01T09:00:00Z');
    expect(printed).toContain('capture/hdmi tape  2026-01-01 10:00:00Z to 2026-01-01 10:01:00Z');
    expect(printed).not.toContain('unexplained');
  });

  it('names what exists when the id is unknown or not unique', async () => {
    await expect(run('bob')).rejects.toThrow(
      `no recording of bob in ${dataDir}; there are capture/alice, capture/hdmi, capture/kept, stream/alice`,
    );
    await expect(run('alice')).rejects.toThrow('alice is not unique; there are capture/alice, stream/alice');
    await expect(run('stream/hdmi')).rejects.toThrow('no recording of stream/hdmi');
  });

  it.each(['yesterday', '2h30', '-5m', '', '2026-99-99'])(
    'refuses --since %s as wrong usage',
    async (text) => {
      await expect(run('stream/alice', `--since=${text}`)).rejects.toBeInstanceOf(UsageError);
    },
  );

  it('reads --since as seconds, as a duration or as an instant', () => {
    expect(parseSince('90', 1_000_000)).toBe(910_000);
    expect(parseSince('2h', 10_000_000)).toBe(2_800_000);
    expect(parseSince('2026-01-31T12:00:00Z', 0)).toBe(Date.UTC(2026, 0, 31, 12));
  });
});
