import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extractSummary } from '../../../../../activities/jobs/digest/text/extract.js';
import { sentencesOf, wordsOf } from '../../../../../activities/jobs/digest/text/sentences.js';
import { wordWeights } from '../../../../../activities/jobs/digest/text/word-weights.js';

const TEXTS = {
  en: [
    'The volcano on the island erupted on Monday morning. Ash from the volcano closed the airport of the island. ' +
      'A local baker said business was slow. The eruption of the volcano forced 400 people to leave the island. ' +
      'Read more on our site. Dr. Smith of the U.S. Survey said ash could fall for days.',
  ],
  de: [
    'Der Vulkan auf der Insel ist am Montag ausgebrochen. Die Asche des Vulkans legte den Flughafen der Insel lahm. ' +
      'Ein Bäcker klagte über wenig Kundschaft. Wegen des Ausbruchs mussten 400 Menschen die Insel verlassen.',
  ],
  ja: [
    '島の火山が月曜日に噴火しました。火山の灰で島の空港が閉鎖されました。パン屋は客が少ないと話しました。噴火で四百人が島を離れました。',
  ],
  zh: [
    '周一上午，岛上的火山爆发了。火山灰导致岛上的机场关闭。一位面包师说生意清淡。火山爆发迫使四百人离开该岛。',
  ],
  ar: [
    'ثار البركان في الجزيرة صباح يوم الاثنين. أغلق رماد البركان مطار الجزيرة بالكامل. قال خباز محلي إن العمل بطيء اليوم. أجبر ثوران البركان أربعمئة شخص على مغادرة الجزيرة.',
  ],
  ru: [
    'Вулкан на острове начал извергаться в понедельник. Пепел вулкана закрыл аэропорт острова. Местный пекарь сказал, что покупателей мало. Извержение вулкана заставило 400 человек покинуть остров.',
  ],
} as const;
const BAKERS = { en: 'baker', de: 'Bäcker', ja: 'パン屋', zh: '面包师', ar: 'خباز', ru: 'пекарь' } as const;

function summarize(texts: readonly string[], language: string | undefined, changes = {}): string {
  const weightOf = wordWeights(texts, language);
  return extractSummary({
    texts,
    title: '',
    language,
    weightOf,
    sentencesMax: 2,
    charactersMax: 500,
    ...changes,
  });
}

describe('the built-in summariser', () => {
  it.each(Object.keys(TEXTS) as (keyof typeof TEXTS)[])(
    'quotes what the text is about and leaves out what is not: %s',
    (language) => {
      const summary = summarize(TEXTS[language], language);
      const quoted = sentencesOf(summary, language);
      expect(quoted).toHaveLength(2);
      expect(sentencesOf(TEXTS[language][0], language)).toEqual(expect.arrayContaining(quoted));
      expect(summary).not.toContain(BAKERS[language]);
      expect(/[。！？] /.test(summary)).toBe(false);
      // News say first what matters.
      expect(quoted[0]).toBe(sentencesOf(TEXTS[language][0], language)[0]);
    },
  );

  it('does not say twice what several reports say, nor what the title says', () => {
    const first = 'The mayor opened the new bridge over the river on Sunday.';
    const again = 'On Sunday the mayor opened the new bridge over the river.';
    const other = 'Traffic will be led over it from the first of March.';
    expect(summarize([`${first} ${other}`, `${again} ${other}`], 'en')).toBe(`${first} ${other}`);
    expect(summarize([`${first} ${other}`], 'en', { title: first })).toBe(other);
  });

  it('says nothing where there is no sentence', () => {
    expect(summarize([], 'en')).toBe('');
    expect(
      summarize(['', 'Read more', 'Tags: a, b', 'Subscribe to our newsletter and never miss a thing.'], 'en'),
    ).toBe('');
  });

  it('quotes whole sentences within the limits and always the same, whatever the text', () => {
    const sentence = fc
      .array(fc.constantFrom('volcano', 'ash', 'island', 'the', 'of', 'baker', 'people', '火山', 'néw'), {
        minLength: 4,
        maxLength: 9,
      })
      .map((words) => `We ${words.join(' ')}.`);
    const texts = fc.array(
      fc.array(sentence, { maxLength: 12 }).map((all) => all.join(' ')),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (all, sentencesMax) => {
        const limits = { sentencesMax, charactersMax: 120 };
        const summary = summarize(all, 'en', limits);
        expect(summary.length).toBeLessThanOrEqual(120);
        const known = all.flatMap((text) => sentencesOf(text, 'en'));
        const quoted = sentencesOf(summary, 'en');
        expect(quoted.length).toBeLessThanOrEqual(sentencesMax);
        expect(quoted.filter((one) => !known.includes(one))).toEqual([]);
        expect(summarize(all, 'en', limits)).toBe(summary);
      }),
      { numRuns: 50 },
    );
  });

  it('takes any text and any language tag', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
        fc.constantFrom('en', 'xx-a1', 'zz', 'tlh-AQ'),
        (texts, language) => {
          expect(typeof summarize(texts, language)).toBe('string');
        },
      ),
    );
  });
});

describe('sentences', () => {
  it('do not end after titles, initials and abbreviations', () => {
    expect(
      sentencesOf('Dr. Smith met J. R. Miller of the U.S. Survey. They spoke for an hour or two.', 'en'),
    ).toEqual(['Dr. Smith met J. R. Miller of the U.S. Survey.', 'They spoke for an hour or two.']);
  });

  it('are parted into words as the language parts them', () => {
    expect(wordsOf('東京で大きな地震', 'ja')).toContain('東京');
    expect(wordsOf("Don't, Straße!", 'en')).toEqual(['dont', 'straße']);
    expect(wordsOf('вулкана вулканом', 'ru')).toEqual(['вулкан', 'вулкан']);
  });
});
