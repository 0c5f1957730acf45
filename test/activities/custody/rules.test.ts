// The pure parts of custody.
import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { escapeName } from '../../../activities/custody/escape-name.js';
import { combineStages, fromShellStatus, parseExitFile } from '../../../activities/custody/exit-status.js';
import { judge, tidyDetail, tidyLogTail, type EndFacts } from '../../../activities/custody/judge.js';
import { KeyedMutex } from '../../../activities/custody/keyed-mutex.js';
import { parseProcessStat } from '../../../activities/custody/process-info.js';
import { FfmpegProgressParser, hasAdvanced } from '../../../activities/custody/progress-parser.js';
import { redact } from '../../../activities/secrets/index.js';
import { FIRST_PROGRESS_GRACE_MS, StallClock } from '../../../activities/custody/stall-clock.js';

describe('FfmpegProgressParser', () => {
  const block = (frame: number): string =>
    `frame=${frame}\nfps=25.00\nstream_0_0_q=-1.0\nbitrate= 812.3kbits/s\ntotal_size=N/A\nout_time_us=${frame * 40_000}\n` +
    `out_time_ms=${frame * 40_000}\nout_time=00:00:00.4\ndup_frames=0\ndrop_frames=0\nspeed=1.01x\nprogress=continue\n`;

  it('reads what ffmpeg writes in copy mode into a segment muxer', () => {
    expect(new FfmpegProgressParser().push(block(10))).toEqual({
      outTimeMs: 400,
      frames: 10,
      bytes: 0,
      fps: 25,
      bitrateKbps: 812.3,
      speed: 1.01,
    });
  });

  it('finds the same newest block wherever the text is cut', () => {
    const text = [1, 2, 3, 4].map(block).join('');
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const parser = new FfmpegProgressParser();
        const edges = [0, ...cuts.toSorted((left, right) => left - right), text.length];
        const found = edges.slice(1).map((end, index) => parser.push(text.slice(edges[index], end)));
        expect(found.findLast((progress) => progress !== null)?.frames).toBe(4);
      }),
    );
  });

  it('never throws, and gives nothing but finite numbers that are not negative', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const parser = new FfmpegProgressParser();
        for (const piece of [...pieces, 'out_time_us=-9\nprogress=end\n']) {
          const progress = parser.push(piece);
          for (const value of Object.values(progress ?? {}))
            expect(value >= 0 && Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });

  it('takes any movement for progress, also back, and none for a stall', () => {
    const parser = new FfmpegProgressParser();
    const ten = parser.push(block(10));
    const nine = parser.push(block(9));
    if (ten === null || nine === null) throw new Error('no progress');
    expect([hasAdvanced(null, ten), hasAdvanced(ten, nine), hasAdvanced(ten, { ...ten, fps: 1 })]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('StallClock', () => {
  it('never calls a stall before its own eyes have seen the whole timeout and the grace of a start, however long it was quiet before', () => {
    fc.assert(
      fc.property(fc.nat(60_000), fc.nat(600_000), fc.nat(120_000), (timeoutMs, quietForMs, laterMs) => {
        const clock = new StallClock(timeoutMs, 1_000, quietForMs);
        const stalledForMs = clock.stalledForMs(1_000 + laterMs);
        if (laterMs < timeoutMs + FIRST_PROGRESS_GRACE_MS) expect(stalledForMs).toBeNull();
        else expect(stalledForMs).toBe(quietForMs + laterMs);
      }),
    );
  });

  it('starts again with every advance', () => {
    const clock = new StallClock(100, 0);
    clock.advanced(90);
    expect(clock.stalledForMs(150)).toBeNull();
    expect(clock.stalledForMs(190)).toBe(100);
  });
});

describe('exit status', () => {
  it('names every signal of a shell status, and leaves ffmpeg’s 255 a status', () => {
    for (const [name, number] of Object.entries(constants.signals)) {
      const { exitCode, exitSignal } = fromShellStatus(128 + number);
      expect(exitCode).toBeNull();
      expect(constants.signals[exitSignal as NodeJS.Signals]).toBe(constants.signals[name as NodeJS.Signals]);
    }
    expect(fromShellStatus(255)).toEqual({ exitCode: 255, exitSignal: null });
    expect(fromShellStatus(0)).toEqual({ exitCode: 0, exitSignal: null });
  });

  it('believes only a completely written file', () => {
    expect(parseExitFile('7 end')).toEqual({ exitCode: 7, exitSignal: null });
    expect(['', '7', '7 en', 'x end', '7 end 8'].map(parseExitFile)).toEqual([null, null, null, null, null]);
  });

  it('blames the first stage only when it was killed and the last ended well', () => {
    const well = fromShellStatus(0);
    const killed = fromShellStatus(137);
    expect(combineStages(well, killed)).toBe(killed);
    expect(combineStages(well, fromShellStatus(143))).toBe(well);
    expect(combineStages(well, fromShellStatus(1))).toBe(well);
    expect(combineStages(fromShellStatus(1), killed)).toEqual(fromShellStatus(1));
  });
});

describe('escapeName', () => {
  it('makes different file names of different keys, none of them special or too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 2, maxLength: 2 }),
        ([left = '', right = '']) => {
          const names = [escapeName(`a${left}`), escapeName(`a${right}`)];
          expect(names[0] === names[1]).toBe(left === right);
          for (const name of names) expect(name).toMatch(/^[^./~][^/]{0,254}$/);
        },
      ),
    );
    expect(escapeName('..')).toBe('%2E.');
    expect(escapeName('stream/alice/recording/17')).toBe('stream%2Falice%2Frecording%2F17');
  });
});

describe('parseProcessStat', () => {
  it('reads past a program name with spaces and parentheses', () => {
    const fields = ['S', 1, 42, 42, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 1, 0, 190_987];
    expect(parseProcessStat(`77 (a (b) c) ${fields.join(' ')}`)).toEqual({
      pid: 77,
      state: 'S',
      group: 42,
      session: 42,
      startTicks: 190_987,
    });
    expect(parseProcessStat('')).toBeNull();
    expect(parseProcessStat('77 (sh) S 1')).toBeNull();
  });
});

describe('what is reported', () => {
  it('holds no secret, whatever surrounds it', () => {
    const secret = fc.string({ minLength: 3 }).filter((text) => !'***'.includes(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!`${before}${after}`.includes(value) && !value.includes('*'));
        expect(redact(`${before}${value}${after}`, [value])).not.toContain(value);
      }),
    );
  });

  it('is short and without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), (text) => {
        expect(tidyLogTail(text, []).length).toBeLessThanOrEqual(1_500);
        expect(tidyDetail(text, []).length).toBeLessThanOrEqual(300);
        expect(tidyLogTail(text, [])).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(tidyDetail(text, [])).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it("says what happened without the tool's own names for its parts", () => {
    const printed =
      '[tcp @ 0x55b31ea665c0] [error] Connection to tcp://127.0.0.1:9 failed: Connection refused';
    expect(tidyDetail(printed, [])).toBe('Connection to tcp://127.0.0.1:9 failed: Connection refused');
    expect(tidyDetail('[out#0/mpegts @ 0x1] [h264 @ 0x2] broken', [])).toBe('broken');
    expect(tidyDetail('[a] not a part of ffmpeg', [])).toBe('[a] not a part of ffmpeg');
  });

  it('keeps whole lines at the end of a long log', () => {
    const log = Array.from({ length: 500 }, (_, index) => `line ${index}`).join('\n');
    const tail = tidyLogTail(log, []);
    expect(tail.endsWith('line 499')).toBe(true);
    expect(tail.split('\n')[0]).toMatch(/^line \d+$/);
  });
});

describe('judge', () => {
  const status = { exitCode: 1, exitSignal: null };
  const facts: EndFacts = {
    status,
    statusLost: false,
    stopReason: null,
    stopCause: null,
    lockRefusal: null,
    evidence: {},
  };
  const unknown = () => ({ cause: 'unknown' as const, detail: '', rule: 'test' });
  const benign = () => ({ cause: 'benign' as const, detail: '', rule: 'test' });

  it('lets our own stop outrank everything else', () => {
    const evidence = { sourceEnded: true, codecChanged: true, stalledForMs: 5 };
    const lockRefusal = { cause: 'encoder_hiccup', detail: 'x' } as const;
    expect(judge({ ...facts, stopReason: 'why', lockRefusal, evidence }, unknown)).toEqual({
      outcome: 'stopped',
      detail: 'why',
    });
  });

  it('takes benign text for unknown, and a lost status without a better cause for a crash', () => {
    expect(judge(facts, benign)).toMatchObject({ cause: 'unknown', detail: 'exit status 1' });
    expect(judge({ ...facts, statusLost: true }, unknown)).toMatchObject({ cause: 'crashed' });
    const full = () => ({ cause: 'storage_full' as const, detail: 'full', rule: 'test' });
    expect(judge({ ...facts, statusLost: true }, full)).toMatchObject({
      cause: 'storage_full',
      detail: 'full',
    });
  });
});

describe('KeyedMutex', () => {
  it('runs one operation of a key at a time, also after a failure, and those of others meanwhile', async () => {
    const mutex = new KeyedMutex();
    const events: string[] = [];
    const operation = (name: string, pauseMs: number) => async (): Promise<void> => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      events.push(`${name} ends`);
      if (name === 'a1') throw new Error('fails');
    };
    const results = await Promise.allSettled([
      mutex.run('a', operation('a1', 60)),
      mutex.run('a', operation('a2', 0)),
      mutex.run('b', operation('b1', 0)),
    ]);
    expect(results.map(({ status: outcome }) => outcome)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(events.indexOf('a2 begins')).toBeGreaterThan(events.indexOf('a1 ends'));
    expect(events.indexOf('b1 ends')).toBeLessThan(events.indexOf('a1 ends'));
  });
});
