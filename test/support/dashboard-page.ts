import type { Locator, Page } from 'playwright-core';
import { until } from './cluster.js';
import { TestBrowser, type ObservedPage } from './browser.js';
import { DashboardStage } from './dashboard-stage.js';

/** What the page reads by itself comes within some seconds, on a busy machine later. */
export const SHOWN_MS = 20_000;

/** The page on a stage of its own, as a person has it before their eyes. */
export class DashboardPage {
  private constructor(
    readonly stage: DashboardStage,
    readonly browser: TestBrowser,
    readonly observed: ObservedPage,
  ) {
    this.page.setDefaultTimeout(SHOWN_MS);
  }

  static async open(): Promise<DashboardPage> {
    const [stage, browser] = await Promise.all([DashboardStage.start(), TestBrowser.start()]);
    return new DashboardPage(stage, browser, await browser.open(stage.url));
  }

  get page(): Page {
    return this.observed.page;
  }

  card(id: string): Locator {
    return this.page.locator(`[data-instance="${id}"]`);
  }

  /** Head of a card: name and state. */
  head(id: string): Locator {
    return this.card(id).locator('.card-head');
  }

  panel(id: string): Locator {
    return this.page.locator(`section#${id}`);
  }

  /** The bar of a recording with gaps, and its words. */
  async coverage(id: string): Promise<Locator> {
    const coverage = this.card(id).locator('.coverage');
    await lookAt(coverage, coverage.getByRole('slider'));
    return coverage;
  }

  async press(id: string, action: string): Promise<void> {
    await this.card(id).locator(`[data-action="${action}"]`).click();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stage.close();
  }
}

/** Looks at a place until this is there: it is read while its place is on the screen, and cards above that grow push it off. */
export async function lookAt(place: Locator, awaited: Locator, shownMs = SHOWN_MS): Promise<void> {
  const isThere = async () => {
    await place.scrollIntoViewIfNeeded();
    return (await awaited.count()) > 0;
  };
  await until(isThere, shownMs, () => `${awaited.toString()} at ${place.toString()}`);
}

/** Waits until one of these says this. */
export async function shows(where: Locator, text: RegExp | string): Promise<void> {
  await where.filter({ hasText: text }).first().waitFor();
}
