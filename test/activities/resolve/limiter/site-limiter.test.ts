import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { SiteLimiter, type TaskReport } from '../../../../activities/resolve/limiter/index.js';

const never = new AbortController().signal;
const settings = { minSpacingMs: 0, maxWaitMs: 2_000, leaseMs: 60_000 };

function answered<T>(value: T): Promise<TaskReport<T>> {
  return Promise.resolve({ value, outcome: 'answered' });
}

describe('limiter shared by all streams of a worker', () => {
  it('runs two tasks of a site at a time, first come, first served', async () => {
    const limiter = new SiteLimiter({ settings });
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const task = (n: number) => async () => {
      started.push(n);
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
      return answered(n);
    };
    const results = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => limiter.run('a', never, task(n))));
    expect(most).toBe(2);
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
    expect(results.map((result) => (result.kind === 'ran' ? result.value : null))).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  it('does not let one site wait for another', async () => {
    const limiter = new SiteLimiter({ settings });
    const hanging = new AbortController();
    const hang = () =>
      new Promise<never>((_resolve, reject) => {
        const giveUp = () => reject(new Error('given up'));
        if (hanging.signal.aborted) giveUp();
        hanging.signal.addEventListener('abort', giveUp);
      });
    const stuck = [1, 2, 3].map((n) => limiter.run('stuck', never, hang).catch(() => n));
    expect(await limiter.run('other', never, () => answered('fine'))).toMatchObject({ value: 'fine' });
    hanging.abort();
    await Promise.all(stuck);
  });

  it('lets the others in when a task hangs longer than its lease', async () => {
    const limiter = new SiteLimiter({ settings: { ...settings, concurrency: 1, leaseMs: 50 } });
    let release = () => undefined as void;
    const hung = limiter.run('a', never, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answered('late');
    });
    expect(await limiter.run('a', never, () => answered('next'))).toMatchObject({ value: 'next' });
    release();
    expect(await hung).toMatchObject({ value: 'late' });
  });

  it('says for how long a site that blocks is left alone, and refuses meanwhile', async () => {
    const limiter = new SiteLimiter({ settings, random: () => 0 });
    const first = await limiter.run('a', never, () => Promise.resolve({ value: 1, outcome: 'blocked' }));
    expect(first).toMatchObject({ kind: 'ran', value: 1 });
    const pausedForMs = first.kind === 'ran' ? first.pausedForMs : 0;
    expect(pausedForMs).toBeGreaterThan(119_000);
    expect(pausedForMs).toBeLessThanOrEqual(120_000);
    const second = await limiter.run('a', never, () => answered(2));
    expect(second.kind).toBe('refused');
    expect(await limiter.run('b', never, () => answered(3))).toMatchObject({ kind: 'ran', value: 3 });
  });

  it('gives the place back when a task throws', async () => {
    const limiter = new SiteLimiter({ settings: { ...settings, concurrency: 1 } });
    await expect(limiter.run('a', never, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect(await limiter.run('a', never, () => answered('fine'))).toMatchObject({ value: 'fine' });
  });

  it('ends the wait at once when the caller is cancelled, and passes him over', async () => {
    const limiter = new SiteLimiter({ settings: { ...settings, concurrency: 1 } });
    let release = () => undefined as void;
    const running = limiter.run('a', never, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answered('first');
    });
    const controller = new AbortController();
    let ran = false;
    const cancelled = limiter.run('a', controller.signal, () => {
      ran = true;
      return answered('cancelled');
    });
    const third = limiter.run('a', never, () => answered('third'));
    controller.abort(new Error('stop asked for'));
    await expect(cancelled).rejects.toThrow('stop asked for');
    release();
    await running;
    expect(await third).toMatchObject({ value: 'third' });
    expect(ran).toBe(false);
  });
});
