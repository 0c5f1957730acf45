import { probeFile } from './probe-file.js';

/** What a finished file has to hold. */
export interface Expected {
  readonly kind: 'video' | 'audio';
  /** Pictures, or audio packets; null where they cannot be known before. */
  readonly frames: number | null;
  /** As many more are right, too. Default 0. */
  readonly extraFramesMax?: number;
  readonly durationMs: number;
  readonly durationToleranceMs: number;
}

export interface CheckedFile {
  readonly durationMs: number;
  /** Each a clause for a person; none when the file is right. */
  readonly problems: readonly string[];
}

/** Compares a finished file with what it has to hold. */
export async function checkFile(ffprobePath: string, file: string, expected: Expected): Promise<CheckedFile> {
  const format = await probeFile(ffprobePath, file);
  if ('problem' in format) return { durationMs: 0, problems: [`it cannot be opened: ${format.problem}`] };
  const stream = format.streams.find(({ kind }) => kind === expected.kind);
  if (stream === undefined) return { durationMs: 0, problems: [`there is no ${expected.kind} in it`] };
  const problems: string[] = [];
  const { frames, extraFramesMax = 0 } = expected;
  if (frames !== null && (stream.packets < frames || stream.packets > frames + extraFramesMax)) {
    const unit = expected.kind === 'video' ? 'pictures' : 'audio packets';
    problems.push(`${stream.packets} ${unit} in place of ${frames}`);
  }
  const differenceMs = stream.durationMs - expected.durationMs;
  if (Math.abs(differenceMs) > expected.durationToleranceMs) {
    const [found, wanted] = [stream.durationMs, expected.durationMs].map((ms) => (ms / 1_000).toFixed(2));
    problems.push(`${found} s in place of ${wanted} s`);
  }
  return { durationMs: stream.durationMs, problems };
}
