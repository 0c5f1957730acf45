import { describe, expect, it } from '@jest/globals';
import { asDetail, shorten } from '../../../activities/resolve/text.js';

describe('details for people', () => {
  it.each([
    ['see https://user:pw@cdn.example/a/b?sig=1#x now', 'see https://cdn.example/a/b now'],
    ['(hls://https://cdn.example/a?k=1)', '(hls://https://cdn.example/a)'],
    ["with url: /x.m3u8?key=k (Caused by '/y?a=b')", "with url: /x.m3u8 (Caused by '/y')"],
    ['rtmp://h/app/key?x=1', 'rtmp://h/app/key'],
    ['two\n  lines\t', 'two lines'],
    ['is it live?', 'is it live?'],
  ])('%j becomes %j', (text, expected) => {
    expect(asDetail(text)).toBe(expected);
  });

  it('are short', () => {
    expect(shorten('x'.repeat(1_000))).toHaveLength(300);
    expect(shorten('fine')).toBe('fine');
  });
});
