/**
 * Goal: the page is for everybody, and says plainly when it knows nothing new. Method: Chromium with a keyboard alone, with axe, in
 * light, dark and phone width; the gateway is killed and started again, and asks for a token.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../../../activities/custody/project-root.js';
import { ownErrors } from '../../../support/browser.js';
import { until } from '../../../support/cluster.js';
import { DashboardPage, lookAt, shows, SHOWN_MS } from '../../../support/dashboard-page.js';

const PICTURE_MS = 60_000;

let dashboard: DashboardPage;

beforeAll(async () => {
  dashboard = await DashboardPage.open();
}, 240_000);

afterAll(async () => {
  await dashboard.close();
}, 60_000);

describe('for everybody', () => {
  it('is worked by keyboard: a skip link comes first, every focus is seen and none is trapped', async () => {
    const { page: other } = await dashboard.browser.open(dashboard.stage.url);
    await other.locator('[data-instance="stream/alice"]').waitFor();
    await other.keyboard.press('Tab');
    expect(await other.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the instances');
    await other.keyboard.press('Enter');
    expect(await other.evaluate(() => document.activeElement?.id)).toBe('main');
    const seen = new Set<string>();
    for (let presses = 0; presses < 150; presses += 1) {
      await other.keyboard.press('Tab');
      const focus = await other.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.id ?? element.textContent;
        return { name: `${element.tagName} ${name}`, outline: `${outlineStyle} ${outlineWidth}` };
      });
      if (focus === null) break;
      expect(focus).toMatchObject({ outline: 'solid 3px' });
      seen.add(focus.name);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['BUTTON Pause stream/alice', 'BUTTON Stop capture/studio']),
    );
    expect([...seen].at(-1)).toMatch(/Notifications/);
    await other.context().close();
  }, 120_000);

  it.each([
    ['light', { colorScheme: 'light' as const, viewport: { width: 1280, height: 900 } }],
    ['dark', { colorScheme: 'dark' as const, viewport: { width: 1280, height: 900 } }],
    ['phone', { colorScheme: 'light' as const, viewport: { width: 390, height: 844 } }],
  ])(
    'has no serious fault of accessibility in %s',
    async (name, options) => {
      const { page: other, errors } = await dashboard.browser.open(dashboard.stage.url, options);
      // A picture is asked for once its place is seen, and made then: on a busy machine that takes a while.
      const capture = other.locator('[data-instance="capture/studio"]');
      await lookAt(capture.locator('figure'), capture.locator('img'), PICTURE_MS);
      await lookAt(other.locator('[data-coverage="stream/alice"]'), other.getByRole('slider'));
      await other.locator('section#sources tbody tr').first().waitFor();
      const { violations } = await new AxeBuilder({ page: other }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const width = await other.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(options.viewport.width);
      await keepScreenshot(other, name);
      expect(ownErrors(errors)).toEqual([]);
      await other.context().close();
    },
    90_000,
  );

  it('keeps the theme that was chosen', async () => {
    const background = () => dashboard.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await dashboard.page.locator('#theme').selectOption('dark');
    await until(async () => (await background()) !== before, SHOWN_MS, 'the dark theme');
    const dark = await background();
    await dashboard.page.reload();
    await dashboard.card('stream/alice').waitFor();
    expect(await background()).toBe(dark);
    await dashboard.page.locator('#theme').selectOption('auto');
  }, 60_000);
});

describe('without its gateway', () => {
  it('says since when it has lost its connection, keeps what it knows with its age, and catches up by itself', async () => {
    await shows(dashboard.page.locator('.connection'), 'live');
    await dashboard.stage.killGateway();
    await shows(
      dashboard.page.locator('.banner-lost'),
      /Connection to the gateway lost since \d\d:\d\d:\d\dZ/,
    );
    await shows(dashboard.panel('instances'), /the gateway does not answer; as of \d+s ago/);
    expect(await dashboard.panel('instances').locator('article').count()).toBe(4);
    await dashboard.press('source/news', 'pause');
    await shows(dashboard.card('source/news').locator('.outcome'), /Pause: the gateway does not answer/);
    await dashboard.stage.cluster.client.workflow.getHandle('source/news').signal('pause');
    await dashboard.stage.cluster.untilState('source/news', 'paused');
    await dashboard.stage.startGateway();
    await dashboard.page.locator('.banner-lost').waitFor({ state: 'detached' });
    await shows(dashboard.page.locator('.connection'), 'live');
    await shows(dashboard.head('source/news'), /paused/);
    await until(
      async () => (await dashboard.panel('instances').locator('.problem').count()) === 0,
      SHOWN_MS,
      'no problem to be shown',
    );
  }, 180_000);

  it('has asked nobody else for anything, and has had no error of its own', () => {
    expect(dashboard.observed.requests.length).toBeGreaterThan(50);
    expect(
      dashboard.observed.requests.filter(
        (url) => !url.startsWith(dashboard.stage.url) && !url.startsWith('blob:'),
      ),
    ).toEqual([]);
    expect(ownErrors(dashboard.observed.errors)).toEqual([]);
  });
});

/** Pictures for the documentation, made anew with HOLDFAST_SCREENSHOTS=1. */
async function keepScreenshot(shown: Page, name: string): Promise<void> {
  if (process.env['HOLDFAST_SCREENSHOTS'] === undefined) return;
  const folder = join(projectRoot(), 'docs', 'images');
  await mkdir(folder, { recursive: true });
  await shown.evaluate(() => window.scrollTo(0, 0));
  await shown.screenshot({ path: join(folder, `dashboard-${name}.png`) });
}
