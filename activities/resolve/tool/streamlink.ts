import type { ResolverConfig } from '../../../core/config/stream.js';
import { concealSecrets, expandSecrets } from '../../secrets/index.js';
import { foreignMedia, isMediaUrl, mediaFormat } from '../media.js';
import { failed, live, type Resolution, type ResolveContext } from '../resolution.js';
import { asDetail } from '../text.js';
import { programFailure } from './program-failure.js';
import { runProgram, type ProgramEnd } from './run-program.js';
import { verdictOf } from './verdict.js';

type StreamlinkConfig = Extract<ResolverConfig, { kind: 'streamlink' }>;

/** Some plugins ask a site five times before they know. */
export const STREAMLINK_TIMEOUT_MS = 60_000;
/** Of each of its requests, in seconds: two may hang before the whole takes too long. */
const REQUEST_TIMEOUT_S = '20';
const INSTALL_HINT = 'install it with `pipx install streamlink` or `apt-get install streamlink`';

/** The part of streamlink's JSON that is read. */
interface StreamlinkAnswer {
  readonly error?: unknown;
  readonly type?: unknown;
  readonly url?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly metadata?: { readonly title?: unknown };
  readonly streams?: Readonly<Record<string, unknown>>;
}

/** Has streamlink find the live address: `streamlink --json URL QUALITY`. */
export async function resolveStreamlink(
  config: StreamlinkConfig,
  context: ResolveContext,
): Promise<Resolution> {
  const template = [config.url, ...config.args].join('\n');
  const [url, ...args] = [config.url, ...config.args].map((text) => expandSecrets(text, context.env)) as [
    string,
    ...string[],
  ];
  const end = await runProgram({
    argv: ['streamlink', '--json', '--http-timeout', REQUEST_TIMEOUT_S, ...args, url, config.quality],
    env: context.env,
    timeoutMs: STREAMLINK_TIMEOUT_MS,
    signal: context.signal,
  });
  return readEnd(end, config, template, context);
}

function readEnd(
  end: ProgramEnd,
  config: StreamlinkConfig,
  template: string,
  context: ResolveContext,
): Resolution {
  const answer = parseAnswer(end.stdout);
  if (end.exitCode === 0 && answer?.error === undefined) return readStream(answer, config, template, context);
  const message = typeof answer?.error === 'string' ? answer.error : usageError(end.stderr);
  const offered = Object.keys(answer?.streams ?? {}).join(', ');
  const whole = offered === '' ? message : `${message}; it offers ${offered}`;
  const failure = programFailure(
    { ...end, stderr: message === '' ? end.stderr : message },
    {
      program: 'streamlink',
      timeoutMs: STREAMLINK_TIMEOUT_MS,
      classify: context.classify,
      tool: 'streamlink',
      installHint: INSTALL_HINT,
    },
  );
  const ranToItsEnd = end.spawnErrorCode === null && !end.timedOut && !end.outputTooLong;
  return (ranToItsEnd ? verdictOf(whole) : null) ?? failure ?? failed('unknown', asDetail(whole));
}

function readStream(
  answer: StreamlinkAnswer | null,
  config: StreamlinkConfig,
  template: string,
  { env }: ResolveContext,
): Resolution {
  if (typeof answer?.url !== 'string' || !isMediaUrl(answer.url)) {
    const type = typeof answer?.type === 'string' ? answer.type : 'unknown';
    return failed(
      'invalid_pipeline',
      `streamlink offers ${config.quality} as ${type}, which has no address of its own`,
    );
  }
  const format = answer.type === 'hls' ? 'hls' : mediaFormat(answer.url);
  const media = foreignMedia(answer.url, answer.headers, format);
  const title = answer.metadata?.title;
  return live(
    { ...media, url: concealSecrets(media.url, template, env) },
    typeof title === 'string' ? title : null,
  );
}

function parseAnswer(stdout: string): StreamlinkAnswer | null {
  try {
    const parsed = JSON.parse(stdout) as unknown;
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}

/** `streamlink: error: unrecognized arguments: --x`, without the usage lines before it. */
function usageError(stderr: string): string {
  return /^.*\berror: .*$/im.exec(stderr)?.[0] ?? '';
}
