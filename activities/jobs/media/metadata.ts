import type { Chapter } from './chapters.js';

/** Text that an MP4 carries. */
export interface FileMetadata {
  readonly title: string;
  readonly comment: string;
  /** When the first picture came in, in milliseconds since 1970. */
  readonly startMs: number;
  readonly chapters: readonly Chapter[];
}

/** The metadata file that ffmpeg reads. */
export function metadataText({ title, comment, startMs, chapters }: FileMetadata): string {
  const lines = [
    ';FFMETADATA1',
    `title=${escaped(title)}`,
    `comment=${escaped(comment)}`,
    `creation_time=${new Date(startMs).toISOString()}`,
  ];
  for (const chapter of chapters) {
    lines.push('[CHAPTER]', 'TIMEBASE=1/1000', `START=${chapter.startMs}`, `END=${chapter.endMs}`);
    lines.push(`title=${escaped(chapter.title)}`);
  }
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/[=;#\\\n]/g, '\\$&');
}
