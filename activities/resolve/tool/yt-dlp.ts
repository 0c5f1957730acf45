import type { ResolverConfig } from '../../../core/config/stream.js';
import { concealSecrets, expandSecrets } from '../../secrets/index.js';
import { failed, type Resolution, type ResolveContext } from '../resolution.js';
import { asDetail } from '../text.js';
import { programFailure } from './program-failure.js';
import { runProgram, type ProgramEnd } from './run-program.js';
import { verdictOf } from './verdict.js';
import { readShow, type YtDlpShow } from './yt-dlp-show.js';

type YtDlpConfig = Extract<ResolverConfig, { kind: 'yt-dlp' }>;

/** It may run a JavaScript engine and ask a site ten times. */
export const YT_DLP_TIMEOUT_MS = 75_000;
const OPTIONS = [
  '--dump-single-json',
  '--no-warnings',
  '--no-progress',
  '--color=no_color',
  // A channel page is a list; the show that is on stands first.
  '--playlist-items=1',
  '--socket-timeout=20',
];
const INSTALL_HINT = 'install it with `pipx install yt-dlp` or `apt-get install yt-dlp`';

/** Has yt-dlp find the live address: `yt-dlp -J -f FORMAT URL`. */
export async function resolveYtDlp(config: YtDlpConfig, context: ResolveContext): Promise<Resolution> {
  const [url, ...args] = [config.url, ...config.args].map((text) => expandSecrets(text, context.env)) as [
    string,
    ...string[],
  ];
  const end = await runProgram({
    argv: ['yt-dlp', ...OPTIONS, '--format', formatSelector(config.format), ...args, '--', url],
    env: context.env,
    timeoutMs: YT_DLP_TIMEOUT_MS,
    signal: context.signal,
  });
  return readEnd(end, config, context);
}

/** `best` means one address with picture and sound; where a site has none, both may share a master playlist. */
function formatSelector(format: string): string {
  return format === 'best' ? 'best/bestvideo*+bestaudio' : format;
}

function readEnd(end: ProgramEnd, config: YtDlpConfig, context: ResolveContext): Resolution {
  if (end.exitCode === 0) return readAnswer(end.stdout, config, context);
  const error = lastError(end.stderr);
  const ranToItsEnd = end.spawnErrorCode === null && !end.timedOut && !end.outputTooLong;
  const verdict = ranToItsEnd && error !== null ? verdictOf(error) : null;
  const failure = programFailure(
    { ...end, stderr: error ?? end.stderr },
    {
      program: 'yt-dlp',
      timeoutMs: YT_DLP_TIMEOUT_MS,
      classify: context.classify,
      tool: 'yt-dlp',
      installHint: INSTALL_HINT,
    },
  );
  return verdict ?? failure ?? failed('unknown', asDetail(error ?? 'yt-dlp failed without a word'));
}

function readAnswer(stdout: string, config: YtDlpConfig, { env }: ResolveContext): Resolution {
  let show: YtDlpShow | null;
  try {
    show = JSON.parse(stdout) as YtDlpShow | null;
  } catch {
    return failed('invalid_pipeline', 'yt-dlp did not print JSON: is it a recent version?');
  }
  const resolution = readShow(show);
  if (resolution.result.kind !== 'live') return resolution;
  const template = [config.url, ...config.args].join('\n');
  const { media } = resolution.result;
  return {
    result: { ...resolution.result, media: { ...media, url: concealSecrets(media.url, template, env) } },
  };
}

/** The last `ERROR:` line (`yt-dlp: error:` for wrong options), with the lines that belong to it. */
function lastError(stderr: string): string | null {
  const start = Math.max(stderr.lastIndexOf('ERROR: '), stderr.lastIndexOf('error: '));
  return start < 0 ? null : stderr.slice(start).trim();
}
