import { describe, expect, it } from '@jest/globals';
import { probePauseMs } from '../../../../activities/resolve/await-source/series.js';

describe('pauses between questions to a media host', () => {
  it('are one second at first, then grow to ten', () => {
    expect(Array.from({ length: 26 }, (_unused, index) => probePauseMs(index + 1))).toEqual(
      Array<number>(15)
        .fill(1_000)
        .concat(1_300, 1_690, 2_197, 2_856, 3_713, 4_827, 6_275, 8_157, 10_000, 10_000, 10_000),
    );
  });

  it('stay at ten seconds for ever', () => {
    expect(probePauseMs(1_000_000)).toBe(10_000);
  });
});
