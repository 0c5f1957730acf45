// A device worker is redeployed under running recordings: systemd must end the worker and nothing else.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const UNIT = fileURLToPath(new URL('../../deploy/systemd/holdfast-worker.service', import.meta.url));

function settings(): ReadonlyMap<string, string> {
  const lines = readFileSync(UNIT, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const match = /^([A-Za-z]+)=(.*)$/.exec(line);
      return match?.[1] === undefined ? [] : [[match[1], match[2] ?? '']];
    }),
  );
}

describe('the systemd unit of a device worker', () => {
  it('leaves the recordings alone when the worker stops, and restarts it whatever happened', () => {
    expect(settings().get('KillMode')).toBe('process');
    expect(settings().get('OOMPolicy')).toBe('continue');
    expect(settings().get('Restart')).toBe('always');
  });

  it('has no line that systemd would not understand', () => {
    for (const line of readFileSync(UNIT, 'utf8').split('\n')) {
      expect(line).toMatch(/^(#.*|\[(Unit|Service|Install)\]|[A-Z][A-Za-z]+=.*|)$/);
    }
  });
});
