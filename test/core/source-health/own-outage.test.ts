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
