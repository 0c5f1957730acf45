import { describe, expect, it } from '@jest/globals';
import { mayBeAsked, questionOf } from '../../core/media-question.js';

describe('the question whether a media host is back', () => {
  it.each([
    ['https://a/live.m3u8', { kind: 'http' }],
    ['RTMP://a/app/key', { kind: 'tcp', defaultPort: 1935 }],
    ['rtsp://a/cam', { kind: 'tcp', defaultPort: 554 }],
    ['tcp://a:9000', { kind: 'tcp', defaultPort: 0 }],
    ['srt://a:9000?mode=caller&latency=200000', { kind: 'srt' }],
    ['srt://a:9000?streamid=listener', { kind: 'srt' }],
  ])('is put as the protocol allows: %s', (url, question) => {
    expect(questionOf(url)).toEqual(question);
    expect(mayBeAsked(url)).toBe(true);
  });

  it.each([
    'udp://239.0.0.1:9000',
    'rtp://239.0.0.1:9000',
    'file:///srv/a.ts',
    '/srv/a.ts',
    'lavfi:testsrc2',
    'srt://0.0.0.0:9000?mode=listener',
    'srt://a:9000?latency=200000&mode=rendezvous',
    'tcp://0.0.0.0:9000?listen',
    'tcp://0.0.0.0:9000?listen=1&timeout=5',
  ])('is for nobody where none answers, and is promised to nobody: %s', (url) => {
    expect(questionOf(url)).toBeNull();
    expect(mayBeAsked(url)).toBe(false);
  });

  it('may be for somebody where the address is a secret', () => {
    expect(mayBeAsked('${env:CAMERA}')).toBe(true);
    expect(mayBeAsked('udp://${env:GROUP}:9000')).toBe(false);
  });
});
