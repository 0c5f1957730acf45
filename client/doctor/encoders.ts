import { execa } from 'execa';
import { findProgram } from './find-program.js';

/** ffmpeg needs well under a second; on a busy machine some. */
const LIST_TIMEOUT_MS = 20_000;
const LIST_BYTES_MAX = 1_000_000;

/** Names of all encoders that ffmpeg was built with; null when it cannot be asked. */
export async function listEncoders(): Promise<ReadonlySet<string> | null> {
  const ffmpeg = await findProgram('ffmpeg');
  if (ffmpeg === undefined) return null;
  try {
    const { stdout } = await execa(ffmpeg, ['-hide_banner', '-encoders'], {
      timeout: LIST_TIMEOUT_MS,
      maxBuffer: LIST_BYTES_MAX,
      stdin: 'ignore',
    });
    return new Set(encodersIn(stdout));
  } catch {
    return null;
  }
}

/** ` V....D libx264              libx264 H.264 ...`, after a legend that ends with dashes. */
function encodersIn(text: string): string[] {
  return [...text.matchAll(/^ [VAS][A-Z.]{5} (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== '=');
}
