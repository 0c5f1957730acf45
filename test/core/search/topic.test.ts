import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTopic, searchTokens, TopicError, TOPIC_CHARACTERS_MAX } from '../../../core/search/index.js';

const term = (text: string, isPrefix = false) => ({ tokens: text.split(' '), isPrefix });

describe('a topic', () => {
  it('has words, phrases, beginnings, alternatives and exclusions', () => {
    expect(parseTopic('Élection "climate change" OR warming europ* -football -"world cup"')).toEqual({
      groups: [[term('election')], [term('climate change'), term('warming')], [term('europ', true)]],
      excluded: [term('football'), term('world cup')],
    });
  });

  it('reads what people type in a hurry', () => {
    expect(parseTopic('  OR  solar  OR  ')).toEqual({ groups: [[term('solar')]], excluded: [] });
    expect(parseTopic('"open end')).toEqual({ groups: [[term('open end')]], excluded: [] });
    expect(parseTopic('„große Koalition“ !!! covid-19')).toEqual({
      groups: [[term('große koalition')], [term('covid 19')]],
      excluded: [],
    });
  });

  it('takes every character of scripts without spaces for a token, so that a word is found within others', () => {
    expect(parseTopic('東京 서울')).toEqual({ groups: [[term('東 京')], [term('서 울')]], excluded: [] });
  });

  it.each(['-only -these', '!!!', '""', 'OR', 'x'.repeat(TOPIC_CHARACTERS_MAX + 1), 'a '.repeat(41)])(
    'is refused with a reason when there is nothing or too much to look for: %s',
    (text) => {
      expect(() => parseTopic(text)).toThrow(TopicError);
    },
  );

  it('is read or refused whatever it is, and only letters, digits and marks come out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          const { groups, excluded } = parseTopic(text);
          const tokens = [...groups.flat(), ...excluded].flatMap(({ tokens }) => tokens);
          expect(groups.length).toBeGreaterThan(0);
          expect(tokens.filter((token) => !/^[\p{L}\p{N}\p{M}]+$/u.test(token))).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(TopicError);
        }
      }),
      { examples: [['⺀']] },
    );
  });
});

describe('tokens of a text', () => {
  it('are no symbols of scripts without spaces', () => {
    expect(searchTokens('⺀東⺁서')).toEqual(['東', '서']);
  });

  it('do not depend on case, accents, width or the way a letter is composed', () => {
    expect(searchTokens('CAFÉ cafe\u0301 ｃａｆｅ Ångström Ελλάδα')).toEqual([
      'cafe',
      'cafe',
      'cafe',
      'angstrom',
      'ελλαδα',
    ]);
  });

  it('keep the marks that are part of a letter', () => {
    expect(searchTokens('हिन्दी')).toEqual(['हिन्दी']);
  });
});
