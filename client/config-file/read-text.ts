import { open } from 'node:fs/promises';

/** Largest configuration file: room for 10,000 sources; anything larger is not a configuration. */
export const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** The file cannot be used as text at all. */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableFile';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not allowed',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
};

/** Reads a file of UTF-8 text, at most 8 MiB. Throws `UnreadableFile`. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (bytes.length > FILE_BYTES_MAX) throw new UnreadableFile(`it is larger than ${FILE_BYTES_MAX} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below, together with text that holds NUL bytes.
  }
  throw new UnreadableFile('it is not UTF-8 text');
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const chunks: Buffer[] = [];
      let length = 0;
      // Not readFile: a pipe or a device has no size and might never end.
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        chunks.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length > FILE_BYTES_MAX) break;
      }
      return Buffer.concat(chunks);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new UnreadableFile(REASONS[code] ?? String(error));
  }
}
