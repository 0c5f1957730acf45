import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { classify, explainHttp, explainMedia } from '../../../core/classify/index.js';
import type { Evidence } from '../../../core/evidence.js';

const NASTY_WORDS = [
  'hdmi', 'camera', 'webcam', 'usb', 'v4l2', 'device', 'host', 'ghosthunter', 'element', 'encoder', 'decoder',
  'nvenc', 'vaapi', 'alsa', 'forbidden', 'unauthorized', 'private', 'drm', 'widevine', 'badname', 'captcha',
  'failed', 'fatal', 'error', 'full', 'diskfull', 'timeout', 'stalled', 'frozen', 'hung', 'offline', 'killed',
  'segfault', 'crash', 'disconnect', 'socket', 'reset', 'nosignal', 'required', 'invalid', 'unsupported',
  'usage', 'ignored', 'recommended', 'harmless', 'warning', 'display', 'x11', 'muxer', 'writing', 'disk',
  '403', '404', '410', '429', '503', 'ENOSPC', 'EIO', 'EACCES', 'ECONNRESET',
]; // prettier-ignore

/** A word as people make names of it. */
const nastyName = fc
  .tuple(
    fc.constantFrom('', 'my-', 'the_', 'no-', 'x', '2'),
    fc.constantFrom(...NASTY_WORDS),
    fc.constantFrom('', '_west', '-failed', '-stream', 'er', '2', '_timeout'),
  )
  .map((parts) => parts.join(''));

/** What tools print with the name of a channel, folder, host or file in it. */
const MEDIA_TEXTS: readonly ((name: string) => Evidence)[] = [
  (name) => ({ tool: 'streamlink', text: `error: No playable streams found on this URL: https://www.twitch.tv/${name}` }),
  (name) => ({ tool: 'streamlink', text: `error: No playable streams found on this URL: https://www.tiktok.com/@${name}/live` }),
  (name) => ({ tool: 'streamlink', text: `error: Could not open stream: Unable to open URL: https://${name}.example.org/${name}.m3u8 (404 Client Error: Not Found for url: https://${name}.example.org/${name}.m3u8)` }),
  (name) => ({ tool: 'yt-dlp', text: `ERROR: [twitch:stream] ${name}: The channel is not currently live` }),
  (name) => ({ tool: 'yt-dlp', text: `ERROR: [youtube] ${name}: This live event will begin in 5 hours.` }),
  (name) => ({ tool: 'yt-dlp', text: `ERROR: [generic] Unable to download webpage: <urlopen error [Errno 104] Connection reset by peer> https://${name}.example.org/${name}` }),
  (name) => ({ tool: 'ffmpeg', text: `[https @ 0x55] HTTP error 404 Not Found\nhttps://cdn.example.org/${name}/index.m3u8: Server returned 404 Not Found` }),
  (name) => ({ tool: 'ffmpeg', text: `https://${name}.example.org/${name}/index.m3u8?k=${name}: Connection reset by peer` }),
  (name) => ({ tool: 'ffmpeg', text: `[error] rtmp://${name}.example.org/${name}/${name}: End of file` }),
  (name) => ({ tool: 'ffmpeg', text: `[tcp @ 0x55] [error] Failed to resolve hostname ${name}.example.org: Name or service not known` }),
  (name) => ({ tool: 'ffmpeg', role: 'storage', text: `[error] /data/recordings/capture/${name}/tape/20260101T000000Z-1-1.m4s: No space left on device` }),
  (name) => ({ tool: 'ffmpeg', text: `[hls @ 0x55] Failed to open file '/data/${name}/my ${name}/init.m4s'\n[out#0/hls @ 0x55] Could not write header (incorrect codec parameters ?): No space left on device` }),
  (name) => ({ tool: 'ffmpeg', text: `[out#0/segment @ 0x55] Error opening output /data/${name}/20260101T000000Z-1-1.ts: Input/output error` }),
  (name) => ({ tool: 'ffmpeg', text: `[error] /data/${name}/${name}.png: No such file or directory` }),
  (name) => ({ tool: 'ffmpeg', text: `[segment @ 0x55] [error] Failed to open segment 'rec/${name}.ts'\n[error] Error opening output rec/${name}.ts: Read-only file system` }),
  (name) => ({ tool: 'gstreamer', text: `ERROR: from element /GstPipeline:pipeline0/GstFileSink:filesink0: Could not open file "/srv/${name}/a.mp4" for writing.` }),
  (name) => ({ tool: 'srt', text: `Connection to srt://${name}.example.org:9000?streamid=${name} failed: Connection timed out` }),
]; // prettier-ignore

const HTTP_ERRORS: readonly ((name: string) => unknown)[] = [
  (name) => ({ message: `request to https://${name}.example.org/${name}?q=${name} failed, reason: read ECONNRESET` }),
  (name) => ({ message: `getaddrinfo ENOTFOUND ${name}.example.org`, code: 'ENOTFOUND' }),
  (name) => ({ message: `HTTPSConnectionPool(host='${name}.example.org', port=443): Max retries exceeded with url: /${name}/rss (Caused by NewConnectionError('Connection refused'))` }),
  (name) => ({ message: `Get "https://${name}.example.org/${name}.xml": context deadline exceeded` }),
]; // prettier-ignore

const PLAIN_NAME = 'alice';

describe('The name of a channel, a host, a folder or a file', () => {
  it.each(MEDIA_TEXTS.map((evidence) => ({ title: evidence('NAME').text ?? '', evidence })))(
    'changes no verdict: $title',
    ({ evidence }) => {
      const { cause, disposition, rule } = classify(evidence(PLAIN_NAME));
      const explained = explainMedia({ text: '', ...evidence(PLAIN_NAME) });
      expect(rule).not.toBe('nothing known');
      fc.assert(
        fc.property(nastyName, (name) => {
          expect(classify(evidence(name))).toMatchObject({ cause, disposition, rule });
          const { cause: said } = explainMedia({ text: '', ...evidence(name) });
          expect(said).toBe(explained.cause);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(HTTP_ERRORS.map((error) => ({ title: JSON.stringify(error('NAME')), error })))(
    'changes no verdict of a fetch: $title',
    ({ error }) => {
      const { cause, disposition } = explainHttp(error(PLAIN_NAME));
      expect(cause).not.toBe('other');
      fc.assert(
        fc.property(nastyName, (name) => {
          expect(explainHttp(error(name))).toMatchObject({ cause, disposition });
        }),
        { numRuns: 100 },
      );
    },
  );

  it('is still shown to the person who reads the verdict', () => {
    const text = '/data/recordings/hdmi-stream/tape/1.ts: No space left on device';
    expect(explainMedia({ text }).detail).toBe(text);
  });

  it('is read where the system has given it: device nodes, libraries and source files', () => {
    for (const node of ['/dev/video0', '/dev/video10', '/dev/snd/controlC1']) {
      expect(explainMedia({ text: `${node}: No such file or directory` }).cause).toBe('device_not_found');
    }
    const trace =
      'ERROR: from element /GstPipeline:pipeline0/GstV4l2Src:v4l2src0: Internal data stream error.\n/build/gst/gstv4l2src.c(1): Failed to allocate required memory.';
    expect(explainMedia({ text: trace, tool: 'gstreamer' }).cause).toBe('invalid_pipeline');
  });
});
