/** A closed and checked segment of a recording. */
export interface SegmentLine {
  readonly type: 'segment';
  /** Name of the file, in the folder of the manifest. */
  readonly file: string;
  /** ISO 8601 instants, UTC: when the first picture came in and when the last one ended. */
  readonly start: string;
  readonly end: string;
  readonly bytes: number;
  /** Pictures in the file; audio packets when there is no video. */
  readonly frames: number;
  /** The run that wrote it: the first number in the file's name. */
  readonly run: number;
}

/** Time that is not in the recording. */
export interface GapLine {
  readonly type: 'gap';
  /** ISO 8601 instants, UTC. */
  readonly from: string;
  readonly to: string;
  /** A cause of the failure catalogue, or `stopped`, `source_changed`. */
  readonly cause: string;
  /** One line for a person. */
  readonly evidence: string;
}

/** A segment that is not there any more because a retention setting says so. */
export interface RemovedLine {
  readonly type: 'removed';
  /** The file of a segment line before this one. */
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One line for a person: the rule that it was removed by. */
  readonly reason: string;
}

export type ManifestLine = SegmentLine | GapLine | RemovedLine;

/** A line that cannot be used. */
export interface ManifestFault {
  /** Counted from 1. */
  readonly lineNumber: number;
  readonly problem: string;
}

export interface Manifest {
  readonly segments: readonly SegmentLine[];
  readonly gaps: readonly GapLine[];
  readonly removed: readonly RemovedLine[];
  readonly faults: readonly ManifestFault[];
}

/** A manifest line that breaks the rules; the message names key and value. */
export class ManifestLineError extends Error {
  override readonly name = 'ManifestLineError';
}

/**
 * Reads one line. Fields that are not known are dropped.
 * @throws {ManifestLineError}
 */
export function parseManifestLine(text: string): ManifestLine {
  const fields = parseObject(text);
  switch (fields['type']) {
    case 'segment':
      return orderedSegment({
        type: 'segment',
        file: readText(fields, 'file'),
        start: readInstant(fields, 'start'),
        end: readInstant(fields, 'end'),
        bytes: readCount(fields, 'bytes'),
        frames: readCount(fields, 'frames'),
        run: readCount(fields, 'run'),
      });
    case 'gap':
      return orderedGap({
        type: 'gap',
        from: readInstant(fields, 'from'),
        to: readInstant(fields, 'to'),
        cause: readText(fields, 'cause'),
        evidence: typeof fields['evidence'] === 'string' ? fields['evidence'] : '',
      });
    case 'removed':
      return {
        type: 'removed',
        file: readText(fields, 'file'),
        at: readInstant(fields, 'at'),
        reason: typeof fields['reason'] === 'string' ? fields['reason'] : '',
      };
    default:
      throw new ManifestLineError(`type: expected segment, gap or removed, not ${shown(fields['type'])}`);
  }
}

/** Reads a whole manifest, in whatever order its lines are. Lines that cannot be used become faults. */
export function readManifest(text: string): Manifest {
  const segments: SegmentLine[] = [];
  const gaps: GapLine[] = [];
  const removed: RemovedLine[] = [];
  const faults: ManifestFault[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    try {
      const line = parseManifestLine(content);
      if (line.type === 'segment') segments.push(line);
      else if (line.type === 'gap') gaps.push(line);
      else removed.push(line);
    } catch (error) {
      if (!(error instanceof ManifestLineError)) throw error;
      faults.push({ lineNumber: index + 1, problem: error.message });
    }
  }
  return { segments, gaps, removed, faults };
}

/** Writes one line, with its end. */
export function formatManifestLine(line: ManifestLine): string {
  return `${JSON.stringify(line)}\n`;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ManifestLineError(`not JSON: ${shown(text.slice(0, 80))}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManifestLineError(`expected an object, not ${shown(text.slice(0, 80))}`);
  }
  return value as Record<string, unknown>;
}

function readText(fields: Record<string, unknown>, key: string): string {
  const value = fields[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new ManifestLineError(`${key}: expected text, not ${shown(value)}`);
}

function readCount(fields: Record<string, unknown>, key: string): number {
  const value = fields[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ManifestLineError(`${key}: expected a whole number, not ${shown(value)}`);
}

function readInstant(fields: Record<string, unknown>, key: string): string {
  const value = fields[key];
  if (typeof value === 'string' && Number.isFinite(Date.parse(value))) return value;
  throw new ManifestLineError(`${key}: expected an ISO 8601 instant, not ${shown(value)}`);
}

function orderedSegment(line: SegmentLine): SegmentLine {
  if (Date.parse(line.start) <= Date.parse(line.end)) return line;
  throw new ManifestLineError(`end: expected an instant after start, not ${shown(line.end)}`);
}

function orderedGap(line: GapLine): GapLine {
  if (Date.parse(line.from) <= Date.parse(line.to)) return line;
  throw new ManifestLineError(`to: expected an instant after from, not ${shown(line.to)}`);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
}
