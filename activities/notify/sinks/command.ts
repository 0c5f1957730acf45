import { execa } from 'execa';
import type { SinkConfig } from '../../../core/config/notify.js';
import { expandSecrets, redact, secretsIn } from '../../secrets/index.js';
import { factsOf, type SinkMessage } from './message.js';
import type { Sender, SenderDeps } from './sender.js';

type CommandConfig = Extract<SinkConfig, { sink: 'command' }>;

/** Most of stderr that is kept: one line of it is shown. */
const STDERR_CHARACTERS_MAX = 4_096;
/** Time a program has between SIGTERM and SIGKILL. */
const KILL_AFTER_MS = 2_000;
/** Time for the last words after the program has ended. */
const STDERR_GRACE_MS = 200;

/** Runs a program with the message as JSON on stdin and its facts in the environment. */
export function commandSender(config: CommandConfig, { env }: SenderDeps): Sender {
  return async (message, signal) => {
    const secrets = config.argv.flatMap((argument) => secretsIn(argument, env));
    try {
      const [program, ...args] = config.argv.map((argument) => expandSecrets(argument, env));
      const error = await run(program as string, args, { message, config, signal, env });
      return error === undefined
        ? { outcome: 'delivered' }
        : { outcome: 'failed', error: redact(error, secrets) };
    } catch (error) {
      return { outcome: 'failed', error: redact((error as Error).message, secrets) };
    }
  };
}

/** Runs the program. Gives what went wrong, or undefined when it took the message. */
async function run(
  program: string,
  args: readonly string[],
  options: {
    readonly message: SinkMessage;
    readonly config: CommandConfig;
    readonly signal: AbortSignal;
    readonly env: NodeJS.ProcessEnv;
  },
): Promise<string | undefined> {
  const { message, config, signal, env } = options;
  const child = execa(program, args, {
    input: `${JSON.stringify(factsOf(message))}\n`,
    env: { ...env, ...variablesOf(message) },
    extendEnv: false,
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    timeout: config.timeout,
    cancelSignal: signal,
    forceKillAfterDelay: KILL_AFTER_MS,
    detached: true,
    reject: false,
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_CHARACTERS_MAX);
  });
  // What it leaves running in the background may keep stderr open; nobody waits for that.
  child.once('exit', () => setTimeout(() => child.stderr.destroy(), STDERR_GRACE_MS));
  const result = await child;
  if (result.timedOut || result.isCanceled) killGroup(child.pid);
  if (result.timedOut) return `not done after ${config.timeout} ms`;
  if (result.exitCode === 0) return undefined;
  if (result.exitCode === undefined && result.signal === undefined) return result.shortMessage;
  const end = result.signal === undefined ? `exit status ${result.exitCode}` : `ended by ${result.signal}`;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return lastLine === '' ? end : `${end}: ${lastLine}`;
}

/** Ends what the program has started, too. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

function variablesOf(message: SinkMessage): Record<string, string> {
  return {
    HOLDFAST_ID: message.id,
    HOLDFAST_EVENT: message.event,
    HOLDFAST_LEVEL: message.level,
    HOLDFAST_MESSAGE: message.message,
    HOLDFAST_INSTANCE: message.instance,
    HOLDFAST_BRANCH: message.branch ?? '',
    HOLDFAST_CAUSE: message.cause ?? '',
    HOLDFAST_ATTEMPT: message.attempt === null ? '' : String(message.attempt),
    HOLDFAST_TIME: message.time,
  };
}
