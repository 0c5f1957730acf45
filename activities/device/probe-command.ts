import { expandSecrets, MissingSecretError } from '../secrets/index.js';
import { askProgram } from './ask-program.js';
import { unknown, type ProbeContext, type ProbeReading } from './reading.js';

/** Runs the user's own program: exit status 0 means a signal, any other none. */
export async function probeCommand(
  argv: readonly string[],
  timeoutMs: number,
  context: ProbeContext,
): Promise<ProbeReading> {
  let expanded: string[];
  try {
    expanded = argv.map((argument) => expandSecrets(argument, context.env));
  } catch (error) {
    if (error instanceof MissingSecretError) return unknown(error.message);
    throw error;
  }
  const answer = await askProgram(expanded, timeoutMs, context);
  if (answer.kind === 'silent') return unknown(answer.why);
  const { exitCode } = answer;
  const program = argv[0] ?? 'the program';
  return {
    signal: exitCode === 0 ? 'signal' : 'no_signal',
    detail: `${program} ended with status ${exitCode}`,
  };
}
