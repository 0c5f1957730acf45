import { fileURLToPath } from 'node:url';

const programs = fileURLToPath(new URL('../../fixtures/probes', import.meta.url));

/** An environment in which `v4l2-ctl` is the program that speaks like the real one; see test/fixtures/probes. */
export function withFakeV4l2(
  more: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  return { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}`, ...more };
}
