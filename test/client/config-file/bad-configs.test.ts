/**
 * Goal: whatever is wrong with a file, the message names the line, the key, the value and what is allowed.
 * Method: a folder of bad files; the first line of each says what must be told about it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ConfigErrors, loadConfigFile } from '../../../client/config-file/index.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/configs/bad', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

async function errorsOf(file: string): Promise<ConfigErrors> {
  try {
    await loadConfigFile(file, {});
  } catch (error) {
    if (error instanceof ConfigErrors) return error;
    throw error;
  }
  throw new Error(`${basename(file)} was accepted`);
}

describe('a bad configuration', () => {
  it('comes in more than twenty kinds', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)('%s is refused with line, key, value and what is allowed', async (name) => {
    const file = join(FOLDER, name);
    const expected =
      /^# expect: (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'no expectation in the file';
    const { message } = await errorsOf(file);
    expect(message).toContain(`${file}:${expected}`);
  });
});
