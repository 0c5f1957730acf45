import { describe, expect, it } from '@jest/globals';
import { siteKey } from '../../../../activities/resolve/limiter/index.js';

describe('site of an address', () => {
  it.each([
    ['https://www.tiktok.com/@a/live', 'tiktok.com'],
    ['https://webcast.tiktok.com/x?y=1', 'tiktok.com'],
    ['https://live.bbc.co.uk/', 'bbc.co.uk'],
    ['http://localhost:8080/x', 'localhost:8080'],
    ['http://127.0.0.1:9000/x', '127.0.0.1:9000'],
    ['http://[::1]:9000/x', '[::1]:9000'],
    ['http://media/live', 'media'],
    ['hls://https://cdn.example.org/x.m3u8', 'example.org'],
    ['httpstream://http://127.0.0.1:1/x', '127.0.0.1:1'],
    ['twitch.tv/someone', 'twitch.tv'],
  ])('%s belongs to %s', (address, site) => {
    expect(siteKey(address)).toBe(site);
  });
});
