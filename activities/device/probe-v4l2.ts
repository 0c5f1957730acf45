import { askProgram } from './ask-program.js';
import { unknown, type ProbeContext, type ProbeReading } from './reading.js';

/** A healthy driver answers in milliseconds; one that hangs has said nothing. */
const TIMEOUT_MS = 2_000;
/** Answers of a driver are told to people; nobody reads more. */
const ANSWER_LENGTH_MAX = 200;

/** What a driver answers when there is no picture to be had, in the words of the C library. */
const NO_SIGNAL_ANSWERS: Readonly<Record<string, string>> = {
  /** ENOLINK */
  'Link has been severed': 'no link: nothing is connected, or it is switched off',
  /** ENOLCK */
  'No locks available': 'the signal is unstable',
  /** ERANGE: the source would have to change, and its coming back within range is a return. */
  'Numerical result out of range': 'the signal is out of the range of the device',
};

/** Asks the driver which timings it detects. Devices that know of no timings, e.g. most USB grabbers, cannot tell. */
export async function probeV4l2(device: string, context: ProbeContext): Promise<ProbeReading> {
  const argv = ['v4l2-ctl', '--device', device, '--query-dv-timings'];
  const answer = await askProgram(argv, TIMEOUT_MS, inEnglish(context));
  return answer.kind === 'silent' ? unknown(answer.why) : readAnswer(answer.exitCode, answer.output);
}

/** Reads what `v4l2-ctl --query-dv-timings` has printed. */
export function readAnswer(exitCode: number, output: string): ProbeReading {
  const failure = /VIDIOC_QUERY_DV_TIMINGS: failed: (.+)/.exec(output)?.[1]?.trim();
  const width = /Active width: (\d+)/.exec(output)?.[1];
  const height = /Active height: (\d+)/.exec(output)?.[1];
  if (failure !== undefined) {
    const reason = NO_SIGNAL_ANSWERS[failure];
    return reason === undefined ? unknown(shorten(failure)) : { signal: 'no_signal', detail: reason };
  }
  if (exitCode !== 0 || width === undefined) {
    return unknown(shorten(output) || `v4l2-ctl ended with status ${exitCode}`);
  }
  // Some drivers report success and a picture without a size.
  if (Number(width) === 0) return { signal: 'no_signal', detail: 'the driver sees a picture without a size' };
  const rate = /\(([\d.]+) frames per second\)/.exec(output)?.[1];
  const rateText = rate === undefined ? '' : ` at ${rate} fps`;
  return { signal: 'signal', detail: `the driver sees ${width}x${height ?? '?'}${rateText}` };
}

/** The words of the C library are compared, so they must not be translated. */
export function inEnglish(context: ProbeContext): ProbeContext {
  return { ...context, env: { ...context.env, LC_ALL: 'C' } };
}

function shorten(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, ANSWER_LENGTH_MAX);
}
