import { describe, expect, it } from '@jest/globals';
import { anything, assert as check, constantFrom, property } from 'fast-check';
import { parseInstanceInput } from '../../../core/config/instance.js';

const stream = { id: 'alice', resolver: { kind: 'direct', url: 'http://127.0.0.1/live.flv' } };

describe('the input of a workflow', () => {
  it('is a stream with all defaults filled in, durations in milliseconds', () => {
    expect(parseInstanceInput('stream', stream)).toEqual({
      ok: {
        ...stream,
        watch: false,
        poll: { min: 30_000, max: 120_000, recheck: 30_000 },
        record: { container: 'mpegts', segment: 60_000 },
        finalize: false,
        stall_timeout: 15_000,
        heartbeat_timeout: 30_000,
        recovery: {
          quick_retries: 3,
          connection_wait: 120_000,
          early_return: true,
          http_wait: 2_000,
          reset_after: 60_000,
          auto_restart: true,
          max_retries: 3,
          retry_delay: 5_000,
        },
      },
    });
  });

  it('may be the shortest capture: an id and its recovery', () => {
    const recovery = { auto_restart: true, max_retries: 3, retry_delay: 5, restart_on_signal: true };
    expect(parseInstanceInput('capture', { id: 'hdmi-stream', recovery })).toMatchObject({
      ok: { id: 'hdmi-stream', autostart: true, outputs: [], recovery: { ...recovery, retry_delay: 5_000 } },
    });
  });

  it('may be a source that names only id and address', () => {
    const source = { id: 'news', url: 'https://example.org/feed.xml' };
    expect(parseInstanceInput('source', source)).toMatchObject({
      ok: { ...source, parse: { kind: 'feed' }, every: 300_000, breaker: { failures: 3, open: 300_000 } },
    });
  });

  it('may not be a source of the name of the feed of all sources, and only that name is taken', () => {
    const source = { id: 'all', url: 'https://example.org/feed.xml' };
    expect(parseInstanceInput('source', source)).toEqual({
      error: 'id: "all" is not allowed; expected another name: all is that of the feed of all sources',
    });
    for (const id of ['All', 'all-news', 'overall']) {
      expect(parseInstanceInput('source', { ...source, id })).toMatchObject({ ok: { id } });
    }
    expect(parseInstanceInput('stream', { ...stream, id: 'all' })).toMatchObject({ ok: { id: 'all' } });
  });

  it('takes the short forms of a capture input', () => {
    expect(parseInstanceInput('capture', { id: 'c', input: { ffmpeg: ['-i', 'x'] } })).toMatchObject({
      ok: { input: { kind: 'ffmpeg', args: ['-i', 'x'], probe: { kind: 'none' } } },
    });
    expect(parseInstanceInput('capture', { id: 'c', input: { gstreamer: 'a ! {hub}' } })).toMatchObject({
      ok: { input: { kind: 'gstreamer', pipeline: 'a ! {hub}' } },
    });
  });

  it('is refused with key, value and what is allowed', () => {
    expect(parseInstanceInput('stream', { ...stream, recovery: { quick_retries: 99 } })).toEqual({
      error: 'recovery.quick_retries: 99 is not allowed; expected an integer from 0 to 20',
    });
    expect(parseInstanceInput('stream', undefined)).toEqual({
      error: expect.stringContaining('is missing; expected a mapping with the keys id, host'),
    });
    expect(parseInstanceInput('stream', { ...stream, id: '${env:not ok}' })).toEqual({
      error: expect.stringContaining('id: "${env:not ok}" is not allowed'),
    });
    const twice = { name: 'tape', kind: 'record' };
    expect(parseInstanceInput('capture', { id: 'c', outputs: [twice, twice] })).toEqual({
      error: 'outputs[1].name: "tape" is not allowed; expected a name that outputs[0] does not have already',
    });
  });

  it('names a device for a v4l2 probe, unless the input is one', () => {
    const capture = (input: object) =>
      parseInstanceInput('capture', { id: 'c', input: { ...input, probe: { kind: 'v4l2' } } });
    for (const kind of [{ ffmpeg: ['-i', 'x'] }, { kind: 'gstreamer', pipeline: 'a ! {hub}' }]) {
      expect(capture(kind)).toEqual({
        error: expect.stringMatching(
          /^input\.probe\.device: is missing; expected the device to ask, .*: an input of kind (?:ffmpeg|gstreamer) has none of its own$/,
        ),
      });
      const probe = { kind: 'v4l2', device: '/dev/video1' };
      expect(parseInstanceInput('capture', { id: 'c', input: { ...kind, probe } })).toMatchObject({
        ok: { input: { probe } },
      });
    }
    expect(capture({ kind: 'v4l2' })).toMatchObject({ ok: { input: { device: '/dev/video0' } } });
  });

  it('tells at most five problems and how many are left', () => {
    const wrong = { ...stream, a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 };
    expect(parseInstanceInput('stream', wrong)).toEqual({ error: expect.stringMatching(/; and 2 more$/) });
  });

  it('is answered whatever it is, also when it is hostile', () => {
    const hostile = {
      get id(): string {
        throw new Error('no');
      },
    };
    expect(parseInstanceInput('stream', hostile)).toEqual({ error: expect.any(String) });
    const endless: Record<string, unknown> = {};
    endless['resolver'] = endless;
    expect(parseInstanceInput('stream', endless)).toEqual({ error: expect.any(String) });
    check(
      property(constantFrom('stream', 'capture', 'source'), anything(), (kind, input) => {
        const result = parseInstanceInput(kind, input);
        expect('ok' in result || typeof result.error === 'string').toBe(true);
      }),
    );
  });
});
