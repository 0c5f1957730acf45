/**
 * Goal: behind a proxy that serves it below a path of its own, the page does all that it does at `/`. Method: Chromium on
 * `holdfast up` with a token, through a real proxy that takes the path off and knows of nothing outside of it.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownErrors, TestBrowser } from '../../../support/browser.js';
import { until } from '../../../support/cluster.js';
import { lookAt, shows, SHOWN_MS } from '../../../support/dashboard-page.js';
import { startPrefixProxy, type PrefixProxy } from '../../../support/prefix-proxy.js';
import { giveToken, savedBy } from '../../../support/token-page.js';
import { UpStage } from '../../../support/up-stage.js';

const PREFIX = '/tools/holdfast/';
const OTHER_PREFIX = '/tools/other/';

let stage: UpStage;
let browser: TestBrowser;
let proxy: PrefixProxy;

beforeAll(async () => {
  [stage, browser] = await Promise.all([UpStage.start(), TestBrowser.start()]);
  proxy = await startPrefixProxy(stage.url, [PREFIX, OTHER_PREFIX]);
}, 240_000);

afterAll(async () => {
  await browser.close();
  await proxy.close();
  await stage.close();
}, 60_000);

describe('behind a proxy with a path', () => {
  it('the page shows everything live, does what its buttons say, and asks for nothing outside of that path', async () => {
    const { page, requests, errors } = await browser.open(`${proxy.url}${PREFIX}`);
    page.setDefaultTimeout(SHOWN_MS);
    await giveToken(page, UpStage.token);
    await shows(page.locator('.connection'), 'live');
    const card = page.locator('[data-instance="stream/alice"]');
    await shows(card.locator('.card-head'), /running/);
    await lookAt(card.locator('figure'), card.locator('img'));
    const coverage = card.locator('.coverage');
    await lookAt(coverage, coverage.getByText(/% recorded/));
    await shows(page.locator('section#sources tbody tr'), /bridges/);
    await card.locator('[data-action="pause"]').click();
    await shows(card.locator('.card-head'), /paused/);

    const form = page.locator('section#jobs form');
    await form.locator('[name="topic"]').fill('bridge*');
    await form.getByRole('button', { name: 'Start job' }).click();
    const job = page.locator('section#jobs article').first();
    await shows(job.locator('.card-head'), /completed/);
    const saved = await savedBy(page, job.getByRole('button', { name: 'digest.md' }));
    expect(await readFile(saved.path, 'utf8')).toContain('# Digest');

    const asked = requests.filter((url) => !url.startsWith('blob:'));
    expect(asked.filter((url) => !url.startsWith(`${proxy.url}${PREFIX}`))).toEqual([]);
    for (const path of ['api/events', 'api/about', 'health', 'api/jobs/', '/preview', '/gaps', '/stream'])
      expect(asked.some((url) => url.includes(path))).toBe(true);
    expect(proxy.strays).toEqual([]);
    expect(ownErrors(errors).filter((error) => !error.includes('401'))).toEqual([]);
    await page.context().close();
  }, 120_000);

  it('the token of one gateway is not sent to another one of the same host', async () => {
    const { page } = await browser.open(`${proxy.url}${PREFIX}`);
    page.setDefaultTimeout(SHOWN_MS);
    await giveToken(page, UpStage.token);
    await shows(page.locator('.connection'), 'live');
    const authorized: string[] = [];
    page.on('request', (request) => {
      if (request.headers()['authorization'] !== undefined) authorized.push(request.url());
    });
    await page.goto(`${proxy.url}${OTHER_PREFIX}`);
    await page.getByRole('dialog').getByLabel('Token').waitFor();
    expect(authorized.filter((url) => url.startsWith(`${proxy.url}${OTHER_PREFIX}`))).toEqual([]);
    authorized.length = 0;
    await page.goto(`${proxy.url}${PREFIX}`);
    await shows(page.locator('.connection'), 'live');
    await until(() => authorized.length > 0, SHOWN_MS, 'the token to be still known here');
    await page.context().close();
  }, 90_000);
});
