import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../../../activities/secrets/index.js';

/** The environment in which the tests' own streamlink and yt-dlp are found; installs them when they are not there. */
export function environmentWithTools(): Environment {
  const script = fileURLToPath(new URL('../../../../scripts/test-tools', import.meta.url));
  const folder = execFileSync(script, { encoding: 'utf8' }).trim();
  return { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
}
