import { readFileSync } from 'node:fs';

/** Version of holdfast, from its package.json. */
export function packageVersion(): string {
  for (const depth of ['..', '../..']) {
    const file = new URL(`${depth}/package.json`, import.meta.url);
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    } catch {
      // Compiled files lie one folder deeper than sources.
    }
  }
  return 'unknown';
}
