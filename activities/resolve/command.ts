import type { ResolverConfig } from '../../core/config/stream.js';
import { concealSecrets, expandSecrets } from '../secrets/index.js';
import { foreignMedia, isMediaUrl } from './media.js';
import { failed, live, notLive, type Resolution, type ResolveContext } from './resolution.js';
import { asDetail } from './text.js';
import { programFailure } from './tool/program-failure.js';
import { runProgram } from './tool/run-program.js';

type CommandConfig = Extract<ResolverConfig, { kind: 'command' }>;

/** Runs the user's own program: the last line it prints is the live address, nothing means no show. */
export async function resolveCommand(config: CommandConfig, context: ResolveContext): Promise<Resolution> {
  const argv = config.argv.map((argument) => expandSecrets(argument, context.env));
  const end = await runProgram({
    argv,
    env: context.env,
    timeoutMs: config.timeout,
    signal: context.signal,
  });
  const program = config.argv[0] as string;
  const failure = programFailure(end, { program, timeoutMs: config.timeout, classify: context.classify });
  if (failure !== null) return failure;
  const url = lastLine(end.stdout);
  if (url === null) return notLive(`${program} printed no address`);
  if (!isMediaUrl(url)) return failed('invalid_config', `${program} printed no address but ${asDetail(url)}`);
  const media = foreignMedia(url);
  return live({ ...media, url: concealSecrets(media.url, config.argv.join('\n'), context.env) });
}

/** The last line that is not empty. */
export function lastLine(text: string): string | null {
  return (
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? null
  );
}
