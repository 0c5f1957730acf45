import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CANARY_FRESH_MS,
  hasReached,
  OBSERVATION_FRESH_MS,
  ONLINE,
  stepOwnOutage,
  type CanaryResult,
  type Observation,
  type OwnOutage,
} from '../../../core/source-health/index.js';

const NOW_MS = 1_767_323_045_000;
const seen = (site: string, reached: boolean, agoMs = 10_000, forMs = 20_000): Observation => ({
  site,
  atMs: NOW_MS - agoMs,
  reached,
  unreachedSinceMs: reached ? null : NOW_MS - forMs,
});
const canary = (target: string, reached: boolean, agoMs = 5_000): CanaryResult => ({
  target,
  reached,
  atMs: NOW_MS - agoMs,
});
const decide = (
  observations: readonly Observation[],
  canaries: readonly CanaryResult[] = [],
  before: OwnOutage = ONLINE,
) => stepOwnOutage(before, { nowMs: NOW_MS, observations, canaries });

/** Each change between online and offline while every site is asked in turn, each as often as said. */
function simulate(
  sites: readonly string[],
  lengthMs: number,
  answers: (site: string, atMs: number) => boolean,
  everyMs = 30_000,
): { readonly atMs: number; readonly offline: boolean }[] {
  const observations = new Map<string, Observation>();
  const changes: { atMs: number; offline: boolean }[] = [];
  let outage = ONLINE;
  for (let asked = 0, atMs = 0; atMs < lengthMs; asked += 1, atMs += everyMs / sites.length) {
    const site = sites[asked % sites.length] as string;
    const reached = answers(site, atMs);
    const unreachedSinceMs = reached ? null : (observations.get(site)?.unreachedSinceMs ?? atMs);
    observations.set(site, { site, atMs, reached, unreachedSinceMs });
    const after = stepOwnOutage(outage, {
      nowMs: atMs,
      canaries: [],
      observations: [...observations.values()],
    });
    if (after.sinceMs !== outage.sinceMs) changes.push({ atMs, offline: after.sinceMs !== null });
    outage = after;
  }
  return changes;
}

describe('our own outage', () => {
  it('is when none of the canaries answers, and over when one does', () => {
    const offline = decide([], [canary('1.1.1.1', false), canary('9.9.9.9', false, 8_000)]);
    expect(offline).toEqual({ sinceMs: NOW_MS - 8_000 });
    expect(decide([], [canary('1.1.1.1', false)], offline)).toEqual(offline);
    expect(decide([], [canary('1.1.1.1', false), canary('9.9.9.9', true)], offline)).toEqual(ONLINE);
  });

  it('is not when a canary answers, however many sources fail', () => {
    const failing = ['a', 'b', 'c', 'd'].map((site) => seen(site, false));
    expect(decide(failing, [canary('1.1.1.1', true)])).toEqual(ONLINE);
    expect(decide(failing, [canary('1.1.1.1', true, CANARY_FRESH_MS + 1)])).toEqual({
      sinceMs: NOW_MS - 20_000,
    });
  });

  it('is when more than half of the sites stop answering at about the same time', () => {
    const three = ['a', 'b', 'c'].map((site) => seen(site, false));
    expect(decide([...three, seen('d', true), seen('e', true)])).toEqual({ sinceMs: NOW_MS - 20_000 });
    expect(decide([...three, seen('d', true), seen('e', true), seen('f', true)])).toEqual(ONLINE);
  });

  it('is not when one site with many sources is down', () => {
    const sameSite = Array.from({ length: 50 }, () => seen('a', false));
    expect(decide([...sameSite, seen('b', true), seen('c', true)])).toEqual(ONLINE);
    expect(decide(sameSite)).toEqual(ONLINE);
  });

  it('is not when sites fail that have been gone for long, or were asked long ago', () => {
    const names = ['a', 'b', 'c', 'd'];
    expect(decide(names.map((site) => seen(site, false, 1_000, 3_600_000)))).toEqual(ONLINE);
    const old = OBSERVATION_FRESH_MS + 1;
    expect(decide(names.map((site) => seen(site, false, old, old)))).toEqual(ONLINE);
  });

  it('lasts while the same sites go on failing, also when few are asked, and ends when they answer', () => {
    const offline: OwnOutage = { sinceMs: NOW_MS - 3_600_000 };
    const names = ['a', 'b', 'c', 'd'];
    const failing = names.map((site) => seen(site, false, 1_000, 3_590_000));
    expect(decide(failing, [], offline)).toEqual(offline);
    expect(decide(failing.slice(0, 1), [], offline)).toEqual(offline);
    expect(decide([], [], offline)).toEqual(offline);
    expect(decide([...failing.slice(2), seen('a', true), seen('b', true)], [], offline)).toEqual(ONLINE);
    expect(decide([seen('a', true)], [], offline)).toEqual(ONLINE);
  });

  it('ends after two minutes when two of three sites are gone for good and the third goes on answering', () => {
    const course = simulate(['a', 'b', 'c'], 3_600_000, (site, atMs) => site === 'c' || atMs < 60_000);
    expect(course.map(({ offline }) => offline)).toEqual([true, false]);
    const [began, ended] = course.map(({ atMs }) => atMs) as [number, number];
    expect(ended - began).toBeGreaterThan(OBSERVATION_FRESH_MS);
    expect(ended - began).toBeLessThan(OBSERVATION_FRESH_MS + 60_000);
  });

  it('is one outage and no flicker while site after site is found to be gone and one of our own network answers', () => {
    const far = Array.from({ length: 30 }, (_, index) => `far-${index}`);
    const sites = far.flatMap((site, index) => (index % 4 === 0 ? ['local', site] : [site]));
    const course = simulate(sites, 3_600_000, (site, atMs) => site === 'local' || atMs < 800_000, 600_000);
    expect(course.map(({ offline }) => offline)).toEqual([true, false]);
  });

  it('lasts as long as nobody answers, and ends with the first answer', () => {
    const course = simulate(
      ['a', 'b', 'c', 'd'],
      7_200_000,
      (_site, atMs) => atMs < 60_000 || atMs > 3_660_000,
    );
    expect(course.map(({ offline }) => offline)).toEqual([true, false]);
    const [began, ended] = course.map(({ atMs }) => atMs) as [number, number];
    expect(ended - began).toBeGreaterThan(3_500_000);
    expect(ended - 3_660_000).toBeLessThan(60_000);
  });

  it('ends whatever had happened before, once some sites answer regularly and the others stay gone', () => {
    const chaos = fc.record({
      sites: fc.integer({ min: 1, max: 12 }),
      answering: fc.integer({ min: 1, max: 12 }),
      flips: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    });
    const settledFromMs = 600_000;
    fc.assert(
      fc.property(chaos, ({ sites, answering, flips }) => {
        const names = Array.from({ length: sites }, (_, index) => `${index}`);
        const course = simulate(names, settledFromMs + 4 * OBSERVATION_FRESH_MS, (site, atMs) => {
          if (atMs >= settledFromMs) return Number(site) < answering;
          return flips[(Number(site) * 7 + Math.floor(atMs / 30_000)) % flips.length] as boolean;
        });
        expect(course.at(-1)?.offline ?? false).toBe(false);
      }),
    );
  });

  it('is never declared while at least half of the sites answer', () => {
    const anySeen = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.boolean(), fc.nat(200_000));
    fc.assert(
      fc.property(fc.array(anySeen, { maxLength: 30 }), (list) => {
        const observations = list.map(([site, reached, agoMs]) => seen(site, reached, agoMs, agoMs));
        const fresh = observations.filter(({ atMs }) => NOW_MS - atMs <= OBSERVATION_FRESH_MS);
        const sites = new Set(fresh.map(({ site }) => site));
        const answering = new Set(fresh.filter(({ reached }) => reached).map(({ site }) => site));
        const { sinceMs } = decide(observations);
        if (answering.size * 2 >= sites.size) expect(sinceMs).toBeNull();
        else expect(sinceMs !== null).toBe(sites.size >= 3);
      }),
    );
  });
});

describe('an answer', () => {
  it('is any that a site gave, also an error', () => {
    expect(hasReached('fetched', null)).toBe(true);
    expect(hasReached('deferred', 'rate_limited')).toBe(true);
    expect(hasReached('failed', 'server_error')).toBe(true);
    expect(hasReached('failed', 'tls')).toBe(true);
    expect(hasReached('failed', 'timeout')).toBe(false);
    expect(hasReached('skipped', 'dns_temporary')).toBe(false);
  });
});
