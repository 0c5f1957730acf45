import { execa } from 'execa';
import { ok, problem, type CheckResult } from './check-result.js';
import { findProgram } from './find-program.js';

/** GStreamer reads its registry first; the first time on a machine that takes some seconds. */
const INSPECT_TIMEOUT_MS = 30_000;
/** More elements than any pipeline that a person writes. */
const ELEMENTS_MAX = 100;

/** Every element of a pipeline is installed. */
export async function checkElements(name: string, pipeline: string): Promise<readonly CheckResult[]> {
  const inspect = await findProgram('gst-inspect-1.0');
  const check = `${name} elements`;
  if (inspect === undefined) {
    const mend = 'apt-get install gstreamer1.0-tools';
    return [problem(check, 'gst-inspect-1.0 is not installed, so they are not known', mend, false)];
  }
  const missing: string[] = [];
  const elements = elementsOf(pipeline);
  for (const element of elements) if (!(await exists(inspect, element))) missing.push(element);
  if (missing.length === 0) return [ok(check, `${elements.length} installed`)];
  const mend =
    'install the plugins that bring them: gstreamer1.0-plugins-base, -good, -bad, -ugly, -libav, -alsa';
  return [problem(check, `not installed: ${missing.join(', ')}`, mend, true)];
}

/**
 * Names of elements in a pipeline of gst-launch-1.0, each once: every word that is neither a property, nor caps, nor a
 * link, nor a reference to an element by its name.
 */
export function elementsOf(pipeline: string): string[] {
  const words = pipeline
    .replaceAll('{hub}', ' ')
    // Values may hold anything, also blanks and exclamation marks.
    .replaceAll(/[\w:-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|\([^)]*\)\S*|\S+)/g, ' ')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, ' ')
    .split(/[\s!()]+/);
  const elements = words.filter((word) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(word));
  return [...new Set(elements)].slice(0, ELEMENTS_MAX);
}

async function exists(inspect: string, element: string): Promise<boolean> {
  const { exitCode } = await execa(inspect, ['--exists', element], {
    timeout: INSPECT_TIMEOUT_MS,
    reject: false,
    stdin: 'ignore',
  });
  return exitCode === 0;
}
