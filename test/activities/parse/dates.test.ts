/** Goal: dates as feeds write them are read; what has no meaning or two becomes null, never a wrong date. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDate } from '../../../activities/parse/index.js';

const READ: readonly (readonly [string, string])[] = [
  ['Tue, 03 Mar 2009 14:24:59 +0100', '2009-03-03T13:24:59Z'],
  ['Tue, 3 Mar 2009 14:24:59 GMT', '2009-03-03T14:24:59Z'],
  ['03 Mar 2009 14:24 UT', '2009-03-03T14:24:00Z'],
  ['Tue, 03 Mar 09 14:24:59 Z', '2009-03-03T14:24:59Z'],
  ['Tue, 03 Mar 99 14:24:59 +0000', '1999-03-03T14:24:59Z'],
  ['Tue,03 Mar 2009 14:24:59 EST', '2009-03-03T19:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 PDT', '2009-03-03T21:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 CEST', '2009-03-03T12:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 +05:30', '2009-03-03T08:54:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 GMT+2', '2009-03-03T12:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 -0000', '2009-03-03T14:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59 (UTC)', '2009-03-03T14:24:59Z'],
  ['Tue, 03 Mar 2009 14:24:59', '2009-03-03T14:24:59Z'],
  ['Tue, 03 Mar 2009', '2009-03-03T00:00:00Z'],
  ['Tuesday, 03-Mar-09 14:24:59 GMT', '2009-03-03T14:24:59Z'],
  ['Tue Mar  3 14:24:59 2009', '2009-03-03T14:24:59Z'],
  ['Tue Mar 3 14:24:59 PST 2009', '2009-03-03T22:24:59Z'],
  ['Tue Mar 03 2009 14:24:59 GMT+0100 (Central European Standard Time)', '2009-03-03T13:24:59Z'],
  ['March 3, 2009', '2009-03-03T00:00:00Z'],
  ['March 3rd, 2009 2:24 pm', '2009-03-03T14:24:00Z'],
  ['Tuesday, March 3, 2009 12:05 AM EST', '2009-03-03T05:05:00Z'],
  ['3 March 2009 12:05 p.m.', '2009-03-03T12:05:00Z'],
  ['2009-03-03', '2009-03-03T00:00:00Z'],
  ['2009-03-03T14:24:59Z', '2009-03-03T14:24:59Z'],
  ['2009-03-03t14:24:59z', '2009-03-03T14:24:59Z'],
  ['2009-03-03T14:24:59.123456+01:00', '2009-03-03T13:24:59Z'],
  ['2009-03-03T14:24+0100', '2009-03-03T13:24:00Z'],
  ['2009-03-03 14:24:59', '2009-03-03T14:24:59Z'],
  ['2009-03-03 14:24:59 +0000 UTC', '2009-03-03T14:24:59Z'],
  ['2009-03-03 14:24:59 -05:00', '2009-03-03T19:24:59Z'],
  ['2009/03/03 14:24', '2009-03-03T14:24:00Z'],
  ['20090303T142459Z', '2009-03-03T14:24:59Z'],
  ['20090303', '2009-03-03T00:00:00Z'],
  ['2009-03', '2009-03-01T00:00:00Z'],
  ['2009', '2009-01-01T00:00:00Z'],
  ['1236090299', '2009-03-03T14:24:59Z'],
  ['1236090299000', '2009-03-03T14:24:59Z'],
  ['8/21/2018 9:00:00 AM', '2018-08-21T09:00:00Z'],
  ['21/8/2018 09:00', '2018-08-21T09:00:00Z'],
  ['8/21/2018', '2018-08-21T00:00:00Z'],
  ['5/5/2018', '2018-05-05T00:00:00Z'],
  ['03.03.2009 14:24', '2009-03-03T14:24:00Z'],
  ['3.3.09', '2009-03-03T00:00:00Z'],
  ['Mo, 23 Okt 2017 14:10:00 +0200', '2017-10-23T12:10:00Z'],
  ['3. März 2009, 14:24', '2009-03-03T14:24:00Z'],
  ['mar, 03 mar 2009 14:24:59 +0100', '2009-03-03T13:24:59Z'],
  ['mardi 3 août 2010 10:00', '2010-08-03T10:00:00Z'],
  ['mer., 03 déc. 2014 10:00:00 +0000', '2014-12-03T10:00:00Z'],
  ['3 de marzo de 2009', '2009-03-03T00:00:00Z'],
  ['juin 5, 2020', '2020-06-05T00:00:00Z'],
  ['Вт, 03 мая 2016 10:00:00 +0300', '2016-05-03T07:00:00Z'],
  ['2021年9月2日 20:00', '2021-09-02T20:00:00Z'],
  ['2021년 9월 2일', '2021-09-02T00:00:00Z'],
  ['  Tue,\n 03 Mar 2009 14:24:59 +0100 ', '2009-03-03T13:24:59Z'],
  ['Thu, 02 Sep 2021 20:0:0 Z', '2021-09-02T20:00:00Z'],
  ['Tue, 03 Mar 2009 24:00:00 GMT', '2009-03-04T00:00:00Z'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00Z'],
  ['Sat, 29 Feb 2020 10:00:00 GMT', '2020-02-29T10:00:00Z'],
  ['Tue, 03 Mar 2009 10.30.00 +0100', '2009-03-03T09:30:00Z'],
  ['3.3.2009 klo 10.30', '2009-03-03T10:30:00Z'],
  ['03.03.09 10.11.12', '2009-03-03T10:11:12Z'],
  ['10.30 3.3.2009', '2009-03-03T10:30:00Z'],
  ['3 mars 2009 à 10h30', '2009-03-03T10:30:00Z'],
  ['2009年3月3日 20時30分', '2009-03-03T20:30:00Z'],
  ['2009年3月3日 下午8：30', '2009-03-03T20:30:00Z'],
  ['2009년 3월 3일 오후 8시 30분', '2009-03-03T20:30:00Z'],
  ['3 de marzo de 2009 8:30 p. m.', '2009-03-03T20:30:00Z'],
  ['3 Μαρτίου 2009 8:30 μμ', '2009-03-03T20:30:00Z'],
  ['3 березня 2009 10:00', '2009-03-03T10:00:00Z'],
  ['3 iunie 2009', '2009-06-03T00:00:00Z'],
  ['2009-03-03 10:30 Europe/Berlin', '2009-03-03T09:30:00Z'],
  ['2009-07-03T10:30:00[Europe/Berlin]', '2009-07-03T08:30:00Z'],
  ['2009-07-03T10:30:00+02:00[Europe/Berlin]', '2009-07-03T08:30:00Z'],
  ['Fri Jul 03 10:30:00 America/Argentina/Buenos_Aires 2009', '2009-07-03T13:30:00Z'],
  ['2009-07-03 10:30 Etc/GMT+5', '2009-07-03T15:30:00Z'],
  ['July 3, 2009 2:24 PM ET', '2009-07-03T18:24:00Z'],
  ['July 3, 2009 2:24 PM (CET)', '2009-07-03T13:24:00Z'],
  ['14:24 2009-03-03', '2009-03-03T14:24:00Z'],
  ['14:24 03-Mar-2009', '2009-03-03T14:24:00Z'],
  ['3 Mar 2009 10:30:00 \u22120500', '2009-03-03T15:30:00Z'],
];
const UNREAD: readonly string[] = [
  '',
  ' ',
  'yesterday',
  '3/4/2009',
  'Sun, 29 Feb 2021 10:00:00 GMT',
  '2009-13-01',
  '2009-02-30T10:00:00Z',
  'Tue, 03 Mar 2009 25:00:00 GMT',
  'Tue, 03 Mar 2009 14:61:00 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '0001-01-01T00:00:00Z',
  '0000-00-00 00:00:00',
  '30 Foo 2009',
  '13:30 pm 3 March 2009',
  '2009-07-03 10:30 Mars/Phobos',
  '2009-07-03T10:30:00+010',
  '2009-07-03T10:30:00 +2500',
  'x'.repeat(500),
];

describe('a date', () => {
  it.each(READ)('written %j is %s', (written, expected) => {
    expect(parseDate(written)).toBe(expected);
  });

  it.each(UNREAD)('written %j is none', (written) => {
    expect(parseDate(written)).toBeNull();
  });

  it('comes back from each of the usual ways to write it', () => {
    const seconds = fc.integer({ min: 86_400, max: 4_102_444_800 });
    const offset = fc.integer({ min: -14 * 4, max: 14 * 4 }).map((quarters) => quarters * 15);
    fc.assert(
      fc.property(seconds, offset, (time, offsetMinutes) => {
        const expected = new Date(time * 1_000).toISOString().replace('.000Z', 'Z');
        const local = new Date((time + offsetMinutes * 60) * 1_000);
        const size = Math.abs(offsetMinutes);
        const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const zone = `${offsetMinutes < 0 ? '-' : '+'}${hours}${minutes}`;
        const utc = local.toUTCString();
        const ways = [
          utc.replace('GMT', zone),
          utc.replace(/^\w+, /, '').replace('GMT', zone),
          local.toISOString().replace('.000Z', zone),
          local.toISOString().replace('T', ' ').replace('.000Z', ` ${zone}`),
          String(time),
        ].filter((way) => !/^\d{1,9}$/.test(way));
        expect(ways.map(parseDate)).toEqual(ways.map(() => expected));
      }),
    );
  });

  it('never throws, and what it gives is a date', () => {
    const words = fc.constantFrom(
      'Mar',
      '3',
      '2009',
      '14:24',
      'PM',
      '+0100',
      '/',
      '-',
      'T',
      'Z',
      ',',
      '.',
      'déc',
      '年',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 8 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const date = parseDate(text);
        return date === null || !Number.isNaN(Date.parse(date));
      }),
    );
  });
});
