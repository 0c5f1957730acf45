import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import picocolors from 'picocolors';
import { renderTable, type Column } from '../../../../client/cli/view/table.js';
import { cellsOf, cutToCells, plainText } from '../../../../client/cli/view/text-width.js';

const colours = picocolors.createColors(false);
type Row = readonly [string, string, string];
const columns: Column<Row>[] = [
  { title: 'ID', value: (row) => row[0] },
  { title: 'FPS', value: (row) => row[1], align: 'right', dropOrder: 1 },
  { title: 'DETAIL', value: (row) => row[2], flexible: true },
];

describe('a table', () => {
  it('aligns its columns and leaves out those that are empty', () => {
    const rows: Row[] = [
      ['stream/a', '25', 'well'],
      ['stream/longer', '7', ''],
    ];
    expect(renderTable(rows, columns, 80, colours)).toEqual([
      'ID             FPS  DETAIL',
      'stream/a        25  well',
      'stream/longer    7  ',
    ]);
    expect(renderTable([['x', '', 'y']], columns, 80, colours)[0]).toBe('ID  DETAIL');
  });

  it('cuts the flexible column first and then drops what matters least', () => {
    const rows: Row[] = [['stream/a', '25', 'a long story about a lost connection']];
    expect(renderTable(rows, columns, 36, colours)[1]).toBe('stream/a   25  a long story about a…');
    expect(renderTable(rows, columns, 26, colours)[1]).toBe('stream/a  a long story ab…');
  });

  it('is never wider than a terminal that holds the first column', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,12}$/), fc.stringMatching(/^\d{0,4}$/), text), {
          minLength: 1,
        }),
        fc.integer({ min: 32, max: 120 }),
        (rows, width) => {
          for (const line of renderTable(rows, columns, width, colours))
            expect(cellsOf(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('texts of others', () => {
  it('cannot steer the terminal', () => {
    expect(plainText('a\u001B[2Jb\u001B]0;title\u0007c\r\nd\u0000')).toBe('abc d');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(plainText(text)).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
      }),
    );
  });

  it('are cut by cells, not by characters', () => {
    expect(cellsOf('日本')).toBe(4);
    expect(cutToCells('日本語', 5)).toBe('日本…');
    expect(cutToCells('plain', 5)).toBe('plain');
    expect(cutToCells('plain', 0)).toBe('');
  });
});
