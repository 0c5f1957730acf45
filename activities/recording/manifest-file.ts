import { open, type FileHandle } from 'node:fs/promises';
import {
  formatManifestLine,
  ManifestLineError,
  parseManifestLine,
  type GapLine,
  type ManifestLine,
  type RemovedLine,
  type SegmentLine,
} from '../../core/manifest/index.js';
import { unlessMissing } from './file-error.js';

/** The end of a manifest is enough to go on; 256 KB are about a thousand lines. */
const TAIL_BYTES = 256 * 1024;

interface TailLine {
  /** Where the line ends in the file, its line break included. */
  readonly endsAt: number;
  readonly line: ManifestLine | null;
}

/**
 * Appends to `manifest.jsonl` and mends its end. A batch of lines always closes with a segment or is about removed ones: a gap behind the
 * last of those lines was left by a writer that died, and is written again.
 */
export class ManifestFile {
  readonly #path: string;
  #size = -1;
  #lastSegment: SegmentLine | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The newest segment of the manifest. Reads and mends the file when it is not as we left it. */
  async lastSegment(): Promise<SegmentLine | null> {
    const handle = await unlessMissing(open(this.#path, 'r+'), null);
    if (handle === null) {
      this.#size = 0;
      this.#lastSegment = null;
      return null;
    }
    try {
      const { size } = await handle.stat();
      if (size !== this.#size) await this.#mend(handle, size);
    } finally {
      await handle.close();
    }
    return this.#lastSegment;
  }

  /** Adds one segment with the gaps before and in it: all of them or, when it throws, none. */
  async append(gaps: readonly GapLine[], segment: SegmentLine): Promise<void> {
    await this.#appendLines([...gaps, segment]);
    this.#lastSegment = segment;
  }

  /** Notes that segments of the manifest are gone: all of them or, when it throws, none. */
  async appendRemoved(lines: readonly RemovedLine[]): Promise<void> {
    await this.#appendLines(lines);
  }

  async #appendLines(lines: readonly ManifestLine[]): Promise<void> {
    await this.lastSegment();
    const handle = await open(this.#path, 'a', 0o640);
    const before = this.#size;
    try {
      await handle.appendFile(lines.map(formatManifestLine).join(''));
      await handle.datasync();
      this.#size = (await handle.stat()).size;
    } catch (error) {
      await handle.truncate(before);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async #mend(handle: FileHandle, size: number): Promise<void> {
    let lines = await readTail(handle, size, TAIL_BYTES);
    let last = lines.findLast((entry) => entry.line?.type === 'segment');
    if (last === undefined && size > TAIL_BYTES) {
      lines = await readTail(handle, size, size);
      last = lines.findLast((entry) => entry.line?.type === 'segment');
    }
    const keep = lines.findLast(({ line }) => line !== null && line.type !== 'gap')?.endsAt ?? 0;
    if (keep < size) await handle.truncate(keep);
    this.#size = keep;
    this.#lastSegment = last?.line?.type === 'segment' ? last.line : null;
  }
}

/** The complete lines in the last `bytes` of a file. */
async function readTail(handle: FileHandle, size: number, bytes: number): Promise<TailLine[]> {
  const start = Math.max(0, size - bytes);
  const buffer = Buffer.alloc(size - start);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
  const lines: TailLine[] = [];
  let position = start === 0 ? 0 : buffer.indexOf('\n') + 1;
  for (;;) {
    const lineBreak = buffer.subarray(0, bytesRead).indexOf('\n', position);
    if (lineBreak < 0) return lines;
    lines.push({
      endsAt: start + lineBreak + 1,
      line: parseTolerantly(buffer.toString('utf8', position, lineBreak)),
    });
    position = lineBreak + 1;
  }
}

function parseTolerantly(text: string): ManifestLine | null {
  try {
    return parseManifestLine(text);
  } catch (error) {
    if (error instanceof ManifestLineError) return null;
    throw error;
  }
}
