import { execa } from 'execa';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';
import { findProgram } from './find-program.js';
import type { Needs } from './needs.js';

/** A program that takes longer to say its version is not well. Python programs on a busy machine need some seconds. */
const VERSION_TIMEOUT_MS = 20_000;
const VERSION_BYTES_MAX = 100_000;
const NODE_VERSION_MIN = [20, 19] as const;

interface Program {
  readonly name: string;
  readonly versionArguments: readonly string[];
  readonly mend: string;
  readonly isRequired: boolean;
}

/** Node and every program that holdfast runs. */
export async function checkPrograms(needs: Needs): Promise<readonly CheckResult[]> {
  return [checkNode(process.versions.node), ...(await Promise.all(programsFor(needs).map(checkProgram)))];
}

function checkNode(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE_VERSION_MIN;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return ok('node', version);
  return problem('node', version, `install Node ${NODE_VERSION_MIN.join('.')} or newer`, true);
}

function programsFor(needs: Needs): readonly Program[] {
  const debian = (name: string, packages: string, isRequired: boolean, ...versionArguments: string[]) => ({
    name,
    versionArguments,
    mend: `apt-get install ${packages}`,
    isRequired,
  });
  return [
    debian('ffmpeg', 'ffmpeg', true, '-version'),
    debian('ffprobe', 'ffmpeg', true, '-version'),
    debian('flock', 'util-linux', true, '--version'),
    debian('setsid', 'util-linux', true, '--version'),
    {
      name: 'temporal',
      versionArguments: ['--version'],
      mend: 'run scripts/setup, which finds, downloads or builds it',
      isRequired: needs.embeddedServer,
    },
    debian('gst-launch-1.0', 'gstreamer1.0-tools', needs.gstreamer, '--version'),
    debian('v4l2-ctl', 'v4l-utils', needs.v4l2Control, '--version'),
    python('streamlink', needs.streamlink),
    python('yt-dlp', needs.ytDlp),
  ];
}

function python(name: string, isRequired: boolean): Program {
  return { name, versionArguments: ['--version'], mend: `pipx install ${name}`, isRequired };
}

async function checkProgram(program: Program): Promise<CheckResult> {
  const path = await findProgram(program.name);
  if (path === undefined) return problem(program.name, 'not found', program.mend, program.isRequired);
  try {
    const { stdout } = await execa(path, program.versionArguments, {
      timeout: VERSION_TIMEOUT_MS,
      maxBuffer: VERSION_BYTES_MAX,
      stdin: 'ignore',
    });
    return ok(program.name, `${versionIn(stdout)} at ${path}`);
  } catch (error) {
    const detail = `${path} does not run: ${messageOf(error).split('\n')[0] ?? ''}`;
    return problem(program.name, detail, program.mend, program.isRequired);
  }
}

/** What counts of `temporal` is its server. */
function versionIn(text: string): string {
  const server = /Server (\d[^\s,)]*)/.exec(text)?.[1];
  if (server !== undefined) return `server ${server}`;
  // Some programs have a number in their name too, so the word before the version is looked for first.
  const named = /version (\d\S*)/.exec(text)?.[1];
  return named ?? /\d+(?:\.\d+)+\S*/.exec(text)?.[0] ?? 'version unknown';
}
