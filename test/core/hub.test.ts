import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hubLock, hubOf, hubOfCapture } from '../../core/hub.js';

describe('the hub of a capture', () => {
  it('follows from the id and stays in the range for sites', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const { address, port } = hubOf(id);
        expect(hubOf(id)).toEqual({ address, port });
        const [first, second, third, fourth] = address.split('.').map(Number);
        expect([first, second]).toEqual([239, 255]);
        expect(third).toBeLessThanOrEqual(255);
        expect(fourth).toBeGreaterThanOrEqual(1);
        expect(fourth).toBeLessThanOrEqual(254);
      }),
    );
  });

  it('differs between ids that differ only in a number, as those of a rack do', () => {
    const addresses = Array.from({ length: 200 }, (_, index) => hubOf(`hdmi-${index}`).address);
    // By chance 200 of 65,024 addresses have 0.3 collisions.
    expect(new Set(addresses).size).toBeGreaterThanOrEqual(198);
  });

  it('is what the configuration says, if it does', () => {
    expect(hubOfCapture({ id: 'a', hub: '239.255.1.2' })).toEqual({ address: '239.255.1.2', port: 5004 });
    expect(hubOfCapture({ id: 'a' })).toEqual(hubOf('a'));
    expect(hubLock({ address: '239.255.1.2', port: 5004 })).toBe('hub:239.255.1.2:5004');
  });
});
