import { describe, expect, it } from '@jest/globals';
import {
  formatOfBytes,
  formatOfContentType,
  formatOfPath,
} from '../../../../activities/reader/progressive/format.js';

describe('the format of a source', () => {
  it.each([
    ['/live/index.m3u8', 'hls'],
    ['/live.FLV', 'flv'],
    ['/a/b.ts', 'mpegts'],
    ['/live', 'unknown'],
  ])('of the path %s is %s', (path, expected) => {
    expect(formatOfPath(path)).toBe(expected);
  });

  it.each([
    ['application/vnd.apple.mpegurl; charset=utf-8', 'hls'],
    ['application/x-mpegURL', 'hls'],
    ['video/x-flv', 'flv'],
    ['video/MP2T', 'mpegts'],
    ['application/octet-stream', 'unknown'],
    [null, 'unknown'],
  ])('of the content type %s is %s', (contentType, expected) => {
    expect(formatOfContentType(contentType)).toBe(expected);
  });

  it.each([
    [Buffer.from('FLV\x01\x05'), 'flv'],
    [Buffer.from('#EXTM3U\n'), 'hls'],
    [Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('#EXTM3U\n')]), 'hls'],
    [Buffer.concat([Buffer.from('G'), Buffer.alloc(187), Buffer.from('G')]), 'mpegts'],
    [Buffer.concat([Buffer.from('G'), Buffer.alloc(187), Buffer.from('x')]), 'unknown'],
    [Buffer.alloc(0), 'unknown'],
  ])('of the bytes %# is %s', (bytes, expected) => {
    expect(formatOfBytes(bytes)).toBe(expected);
  });
});
