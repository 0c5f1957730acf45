import { describe, expect, it } from '@jest/globals';
import { readEntries, score } from './labelled-entries.js';

/** What must be reached on the shared files; they are also a sample of the lines we do not have. */
const CAUSE_FLOOR = 0.97;
const DISPOSITION_FLOOR = 0.98;

/** Entries whose label could be argued and on which we differ: why. A number that no longer differs must go. */
const ARGUABLE_MEDIA: Readonly<Record<number, string>> = {
  59: 'Two hardware encoders fail and the recorder goes on in software; only the last line, of a wording of its own, says so.',
};
const ARGUABLE_HTTP: Readonly<Record<number, string>> = {
  245: 'The text says that nothing could parse the stream and does not mention an encoding.',
  260: 'The words say that the user was not found.',
};

describe.each([
  { file: 'shared/media-errors.jsonl', arguable: ARGUABLE_MEDIA },
  { file: 'shared/http-errors.jsonl', arguable: ARGUABLE_HTTP },
])('The entries of $file', ({ file, arguable }) => {
  const result = score(readEntries(file));

  it('get the labelled disposition', () => {
    expect(result.dispositionShare).toBeGreaterThanOrEqual(DISPOSITION_FLOOR);
  });

  it('get the labelled cause', () => {
    expect(result.causeShare).toBeGreaterThanOrEqual(CAUSE_FLOOR);
  });

  it('differ only where the note says that the label is arguable, each with a reason here', () => {
    const differing = result.differences.map(({ id }) => String(id)).sort();
    expect(differing).toEqual(Object.keys(arguable).sort());
    const notArguable = result.differences.filter(({ note }) => !note.includes('arguable'));
    expect(notArguable).toEqual([]);
  });
});

describe.each([
  'classify/media-errors.jsonl',
  'classify/http-errors.jsonl',
  'classify/unseen-media-errors.jsonl',
  'classify/unseen-http-errors.jsonl',
])('Our own entries of %s', (file) => {
  it('all get the labels we gave them', () => {
    expect(score(readEntries(file)).differences).toEqual([]);
  });
});

/** Lines that are kept although their label could be argued; every other difference is a regression. */
const FRESH_FLOOR = 0.99;

describe.each(['classify/fresh-media-errors.jsonl', 'classify/fresh-http-errors.jsonl'])(
  'The lines collected in batches, %s,',
  (file) => {
    const result = score(readEntries(file));

    it('keep the causes they got', () => {
      expect(result.causeShare).toBeGreaterThanOrEqual(FRESH_FLOOR);
    });

    it('keep the dispositions they got', () => {
      expect(result.dispositionShare).toBeGreaterThanOrEqual(FRESH_FLOOR);
    });
  },
);
