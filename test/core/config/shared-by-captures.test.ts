import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sharedDevices, sharedHubs, sharedTargets } from '../../../core/config/shared-by-captures.js';
import { hubOfCapture } from '../../../core/hub.js';

/** Two ids whose hubs follow to be the same: the birthday paradox finds some among a few hundred. */
function collidingIds(): [string, string] {
  const seen = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const id = `camera-${number}`;
    const { address } = hubOfCapture({ id });
    const other = seen.get(address);
    if (other !== undefined) return [other, id];
    seen.set(address, id);
  }
}

describe('hubs of the captures of a file', () => {
  it('are refused when two ids of one host lead to the same address, naming both and a free one', () => {
    const [first, second] = collidingIds();
    const problems = sharedHubs({ captures: [{ id: first }, { id: second }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toEqual(['captures', 1, 'hub']);
    expect(problems[0]?.message).toContain(`capture/${second} would use the hub`);
    expect(problems[0]?.message).toContain(`of capture/${first} on the same host`);
    const suggested = /e\.g\. hub: (\S+)$/.exec(problems[0]?.message ?? '')?.[1];
    expect(sharedHubs({ captures: [{ id: first }, { id: second, hub: suggested }] })).toEqual([]);
  });

  it('may be the same on two hosts', () => {
    const hub = '239.255.7.1';
    const onHosts = (...hosts: (string | undefined)[]) =>
      sharedHubs({ captures: hosts.map((host, index) => ({ id: `c${index}`, host, hub })) }).length;
    expect(onHosts('studio-1', 'studio-2')).toBe(0);
    expect(onHosts('studio-1', 'studio-1')).toBe(1);
    expect(onHosts(undefined, undefined)).toBe(1);
  });

  it('are never refused when all addresses differ, and suggestions are never taken ones', () => {
    const address = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
      .map(([third, fourth]) => `239.255.${third}.${fourth}`);
    fc.assert(
      fc.property(fc.array(address, { maxLength: 20 }), (addresses) => {
        const problems = sharedHubs({ captures: addresses.map((hub, index) => ({ id: `c${index}`, hub })) });
        expect(problems).toHaveLength(addresses.length - new Set(addresses).size);
        for (const { message } of problems) {
          expect(addresses).not.toContain(/e\.g\. hub: (\S+)$/.exec(message)?.[1]);
        }
      }),
    );
  });

  it('are not judged where the file cannot be read', () => {
    fc.assert(
      fc.property(fc.anything(), (captures) => {
        expect(Array.isArray(sharedHubs({ captures }))).toBe(true);
        expect(Array.isArray(sharedDevices({ captures }))).toBe(true);
        expect(Array.isArray(sharedTargets({ captures }))).toBe(true);
      }),
    );
  });
});

describe('devices of the captures of a file', () => {
  it('are pointed out when two captures of a host read the same one, also by default', () => {
    const captures = [
      { id: 'a', input: { kind: 'v4l2' } },
      { id: 'b', input: { device: '/dev/video0', kind: 'v4l2' } },
      { id: 'c', input: { kind: 'v4l2', device: '/dev/video1' } },
      { id: 'd', host: 'elsewhere', input: { kind: 'v4l2' } },
      { id: 'e', input: { ffmpeg: ['-i', '/dev/video0'] } },
    ];
    expect(sharedDevices({ captures })).toMatchObject([
      {
        path: ['captures', 1, 'input', 'device'],
        message: 'capture/a reads /dev/video0 on the same host too; only one of them can run at a time',
      },
    ]);
  });
});

describe('targets of the captures of a file', () => {
  it('are pointed out when two pushes of a host go to one address, without telling it', () => {
    const push = { kind: 'push', url: 'rtmp://example.org/app/key' };
    const captures = [
      {
        id: 'a',
        outputs: [
          { name: 'live', ...push },
          { name: 'tape', kind: 'record' },
        ],
      },
      {
        id: 'b',
        outputs: [
          { name: 'tape', kind: 'record' },
          { name: 'again', ...push },
        ],
      },
      { id: 'c', host: 'elsewhere', outputs: [{ name: 'live', ...push }] },
    ];
    const problems = sharedTargets({ captures });
    expect(problems).toMatchObject([{ path: ['captures', 1, 'outputs', 1, 'url'], value: undefined }]);
    expect(problems[0]?.message).toContain('output live of capture/a sends to the same address');
    expect(problems[0]?.message).not.toContain('example.org');
  });
});
