import { splitWords } from './words.js';

/** Where the user's pipeline hands encoded MPEG-TS over. */
const PLACEHOLDER = '{hub}';
/**
 * What is no MPEG-TS is refused before anything starts. The descriptor is one of its own, so that nothing an element prints gets into the
 * stream; one that a first stage has closed, for others are locks.
 */
const HUB_SINK = 'video/mpegts ! fdsink fd=3 sync=false';
const STREAM_TO_HUB_SINK = 'exec 3>&1 1>&2; exec "$@"';
/** A link from an element that does not exist: the last thing the parser looks at. */
const END_OF_CHECK = 'holdfast-end-of-check';

/** The placeholder does not stand exactly once in a pipeline. */
export class PlaceholderError extends Error {
  constructor(count: number) {
    super(`erroneous pipeline: ${PLACEHOLDER} stands in it ${count} times instead of once`);
    this.name = 'PlaceholderError';
  }
}

/**
 * The words of a pipeline, with the placeholder filled in.
 * @throws {PlaceholderError} @throws {UnfinishedWordError}
 */
export function pipelineWords(pipeline: string): string[] {
  const count = pipeline.split(PLACEHOLDER).length - 1;
  if (count !== 1) throw new PlaceholderError(count);
  return splitWords(pipeline.replace(PLACEHOLDER, HUB_SINK));
}

/** The first stage: the pipeline, its stream on stdout. Without GStreamer's own fault handler, which would wait for a debugger. */
export function pipelineStage(gstLaunchPath: string, words: readonly string[]): string[] {
  return ['sh', '-c', STREAM_TO_HUB_SINK, 'sh', gstLaunchPath, '--quiet', '--no-fault', ...words];
}

/**
 * A command that parses and links a pipeline without starting it. GStreamer reports the first error only and starts nothing after one; the error it is
 * given here comes last, so that every other one is the user's. No element leaves the state in which no device is opened.
 */
export function checkCommand(gstLaunchPath: string, words: readonly string[]): string[] {
  return [gstLaunchPath, '--quiet', '--no-fault', ...words, `${END_OF_CHECK}.`, '!', 'fakesink'];
}

/** What the check found wrong with the pipeline, in GStreamer's words, or null when it is sound. */
export function problemIn(checkOutput: string): string | null {
  const lines = checkOutput.split('\n').filter((line) => /^(?:WARNING|ERROR): /.test(line));
  const [first] = lines;
  return first === undefined || first.includes(END_OF_CHECK) ? null : checkOutput.trim();
}
