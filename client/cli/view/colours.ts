import picocolors from 'picocolors';
import type { JobState } from '../../../core/jobs/events.js';
import type { State } from '../../../core/states.js';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** True when the output is a terminal and nobody has asked for plain text. */
export function wantsColours(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true || (env['FORCE_COLOR'] ?? '0') !== '0';
}

/** Colour functions, or functions that change nothing. */
export function coloursFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Colours {
  return picocolors.createColors(wantsColours(stream, env));
}

/** Green is well, yellow recovers by itself, magenta waits for something outside, red needs a person. */
export function paintState(colours: Colours, state: State | JobState, text: string): string {
  switch (state) {
    case 'running':
    case 'completed':
      return colours.green(text);
    case 'pending':
    case 'starting':
    case 'retrying':
    case 'degraded':
    case 'stopping':
      return colours.yellow(text);
    case 'waiting_signal':
    case 'waiting_live':
    case 'waiting_host':
      return colours.magenta(text);
    case 'paused':
      return colours.cyan(text);
    case 'stopped':
    case 'cancelled':
      return colours.dim(text);
    case 'error':
    case 'failed':
      return colours.red(text);
  }
}
