import { describe, expect, it } from '@jest/globals';
import { Turns } from '../../../activities/jobs/turns.js';

const never = new AbortController().signal;

describe('turns', () => {
  it('let so many work at a time, in the order in which they came', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const works = [0, 1, 2, 3].map((number) =>
      turns.take(never, async () => {
        begun.push(number);
        await new Promise<void>((resolve) => (ends[number] = resolve));
      }),
    );
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await works[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    await works[0];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    ends[3]?.();
    await Promise.all(works);
  });

  it('go on after work that failed, and pass over whoever has left', async () => {
    const turns = new Turns(1);
    const failing = turns.take(never, () => Promise.reject(new Error('no')));
    const leaving = new AbortController();
    const left = turns.take(leaving.signal, () => Promise.resolve('made'));
    const last = turns.take(never, () => Promise.resolve('last'));
    leaving.abort(new Error('left'));
    await expect(failing).rejects.toThrow('no');
    await expect(left).rejects.toThrow('left');
    expect(await last).toBe('last');
    await expect(turns.take(leaving.signal, () => Promise.resolve())).rejects.toThrow('left');
    expect(await turns.take(never, () => Promise.resolve('again'))).toBe('again');
  });
});
