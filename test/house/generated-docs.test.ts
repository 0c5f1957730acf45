/** Goal: the pages of docs/ that follow from the code are those that the code makes now. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { HTTP_CAUSES, MEDIA_CAUSES } from '../../core/causes.js';
import { describeKeys } from '../../core/config/describe-keys.js';
import { configSchema } from '../../core/config/index.js';
import { renderConfigurationPage, renderFailuresPage } from '../../core/docs/index.js';

function page(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');
}

describe('generated documentation', () => {
  it('of the configuration is up to date (npm run docs)', () => {
    expect(page('configuration.md')).toBe(renderConfigurationPage());
  });

  it('of the failures is up to date (npm run docs)', () => {
    expect(page('failures.md')).toBe(renderFailuresPage());
  });

  it('names every cause and describes every key', () => {
    const failures = page('failures.md');
    const causes = [...Object.keys(MEDIA_CAUSES), ...Object.keys(HTTP_CAUSES)];
    expect(causes.filter((cause) => !failures.includes(`\`${cause}\``))).toEqual([]);
    const undescribed = describeKeys(configSchema).filter(({ description }) => description === '');
    expect(undescribed.map(({ path }) => path)).toEqual([]);
  });
});
