// A gateway with a token: the page asks for it once, keeps it in its tab and nowhere else, and forgets a wrong one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestBrowser } from '../../../support/browser.js';
import { withGateway } from '../../../support/served-gateway.js';
import { openStore } from '../../../../store/index.js';

const TOKEN = 'secret-of-the-test';
let browser: TestBrowser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-token-'));
  browser = await TestBrowser.start();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the token', () => {
  it('is asked for, asked for again when it is wrong, and then kept in this tab only', async () => {
    const store = await openStore(`sqlite:${join(folder, 'holdfast.db')}`);
    await store.migrate();
    await withGateway({ store, token: TOKEN }, async ({ url }) => {
      const { page } = await browser.open(url);
      const dialog = page.getByRole('dialog');
      const give = async (token: string): Promise<void> => {
        await dialog.getByLabel('Token').fill(token);
        await dialog.getByRole('button', { name: 'Use it' }).click();
      };
      await dialog.waitFor();
      await give('wrong');
      await dialog.waitFor();
      await give(TOKEN);
      await page.locator('.connection').filter({ hasText: 'live' }).waitFor();
      expect(await dialog.isVisible()).toBe(false);
      const kept = await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie]);
      expect(kept).toEqual([1, 0, '']);
      await page.reload();
      await page.locator('.connection').filter({ hasText: 'live' }).waitFor();
      await page.getByRole('button', { name: 'Forget token' }).click();
      await dialog.waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      await page.context().close();
    });
    await store.close();
  }, 90_000);
});
