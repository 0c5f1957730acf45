import type { Locator, Page } from 'playwright-core';

/** Waits until the page asks for the token, and gives it. */
export async function giveToken(page: Page, token: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Token').fill(token);
  await dialog.getByRole('button', { name: 'Use it' }).click();
}

/** Presses something that saves a file. Returns where the browser has put it. */
export async function savedBy(page: Page, button: Locator): Promise<{ name: string; path: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), path: await download.path() };
}
