import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitWords } from '../../../activities/pipeline/words.js';

describe('The words of a pipeline', () => {
  it('are those of a shell', () => {
    const lines = [
      `videotestsrc ! "video/x-raw, width=320" ! fakesink name='a b' c=d\\ e "f\\"g" "h\\i" ''`,
      `caps="video/x-raw,\\ format=(string)I420"  'it'"'"'s' \\(x`,
    ];
    for (const line of lines) {
      const shell = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
      expect(splitWords(line)).toEqual(shell.split('\n').slice(0, -1));
    }
  });

  it('come back from any quoting', () => {
    const word = fc.string({ maxLength: 12 });
    const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitWords(words.map(quote).join('  '))).toEqual(words);
      }),
    );
  });

  it('are refused when a quote stays open or nothing follows a backslash', () => {
    for (const line of ['a "b', "a 'b", 'a \\']) expect(() => splitWords(line)).toThrow(/never closed/);
  });
});
