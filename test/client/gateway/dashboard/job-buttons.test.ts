/**
 * Goal: what a person asks of jobs on the page of a gateway with a token is done, and the links to Temporal's Web UI open the right
 * workflow there. Method: Chromium on `holdfast up` with its own server and that server's real Web UI, a stream and a source.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { Locator, Page } from 'playwright-core';
import type { JobView } from '../../../../core/jobs/index.js';
import { ownErrors, TestBrowser, type ObservedPage } from '../../../support/browser.js';
import { until } from '../../../support/cluster.js';
import { shows, SHOWN_MS } from '../../../support/dashboard-page.js';
import { giveToken, savedBy } from '../../../support/token-page.js';
import { UpStage } from '../../../support/up-stage.js';

let stage: UpStage;
let browser: TestBrowser;
let observed: ObservedPage;
let page: Page;

beforeAll(async () => {
  [stage, browser] = await Promise.all([UpStage.start(), TestBrowser.start()]);
  observed = await browser.open(stage.url);
  ({ page } = observed);
  page.setDefaultTimeout(SHOWN_MS);
  await giveToken(page, UpStage.token);
}, 240_000);

afterAll(async () => {
  await browser.close();
  await stage.close();
}, 60_000);

function job(id: string): Locator {
  return page.locator(`[data-job="${id}"]`);
}

/** Presses the button of the form and gives the job that it has started. */
async function startJob(form: Locator): Promise<string> {
  const before = new Set((await jobs()).map(({ id }) => id));
  await form.getByRole('button', { name: 'Start job' }).click();
  await shows(form.locator('.outcome'), /job\/\S+ was started/);
  const started = (await jobs()).find(({ id }) => !before.has(id));
  if (started === undefined) throw new Error('the form has started no job');
  return started.id;
}

async function jobs(): Promise<JobView[]> {
  return (await (await stage.ask('/api/jobs')).json()) as JobView[];
}

async function askForSlowDigest(): Promise<string> {
  // The endpoint says two words and then nothing for as long as one waits.
  stage.llm.usual = { kind: 'stall', tokens: ['All ', 'is '] };
  const params = { topic: 'bridge*', period: '24h', summarizer: 'llm' };
  const answer = await stage.ask('/api/jobs', { kind: 'digest', params });
  return ((await answer.json()) as { id: string }).id;
}

describe('the cancel button', () => {
  it('does nothing when told not to, and then cancels the job and its workflow', async () => {
    const id = await askForSlowDigest();
    await until(() => stage.llm.asked.length > 0, SHOWN_MS, 'the digest to be written');
    await shows(job(id).locator('.card-head'), /running/);
    await job(id).getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog');
    await shows(dialog, `Cancel ${id}?`);
    await dialog.getByRole('button', { name: 'Do not' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const handle = stage.client.workflow.getHandle(id);
    expect((await handle.describe()).status.name).toBe('RUNNING');

    await job(id).getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel job' }).click();
    await shows(job(id).locator('.outcome'), 'Cancel: cancelled');
    await shows(job(id).locator('.card-head'), /cancelled/);
    expect(await job(id).getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    // As a stop does, it ends in order: the workflow completes, and says as what.
    expect(await handle.result()).toMatchObject({ status: 'cancelled' });
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    const { status, artifacts } = (await (
      await stage.ask(`/api/jobs/${encodeURIComponent(id)}`)
    ).json()) as JobView;
    expect({ status, artifacts }).toEqual({ status: 'cancelled', artifacts: [] });
    await until(
      async () => (await stage.llm.countConnections()) === 0,
      SHOWN_MS,
      'the endpoint to be left alone',
    );
  }, 120_000);
});

describe('the form', () => {
  it('starts a clip, whose file is then saved by the page, because a link can send no token', async () => {
    const [first] = await stage.segments();
    const from = wholeSecondAfter(first?.start ?? '');
    await page.locator('#job-kind').selectOption('clip');
    const form = page.locator('section#jobs form');
    await form.locator('[name="recording"]').fill('stream/alice');
    await form.locator('[name="from"]').fill(fieldOf(from));
    await form.locator('[name="to"]').fill(fieldOf(from + 2_000));
    await form.locator('[name="reencode"]').check();
    const id = await startJob(form);
    await shows(job(id).locator('.card-head'), /completed/);
    const { artifacts } = (await jobs()).find((each) => each.id === id) as JobView;
    const film = artifacts.find(({ mediaType }) => mediaType === 'video/mp4')?.name ?? 'none';
    const saved = await savedBy(page, job(id).getByRole('button', { name: film, exact: true }));
    expect(saved.name).toBe(film);
    const path = `/api/jobs/${encodeURIComponent(id)}/artifacts/${film}`;
    const original = Buffer.from(await (await stage.ask(path)).arrayBuffer());
    expect((await readFile(saved.path)).equals(original)).toBe(true);
    const entries = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0'];
    const { stdout } = await execa('ffprobe', [...entries, saved.path]);
    expect(Math.abs(Number(stdout) - 2)).toBeLessThan(0.1);
  }, 120_000);
});

describe('the links to the Web UI of Temporal', () => {
  it('open the workflow and run of an instance', async () => {
    const { runId } = await stage.client.workflow.getHandle('stream/alice').describe();
    const shown = await openedBy(page.getByRole('link', { name: 'Open stream/alice in Temporal Web UI' }));
    expect(shown.url()).toContain(`${stage.webUiUrl}/namespaces/default/workflows/stream%2Falice/${runId}`);
    await shown.getByText('stream/alice').first().waitFor();
    await shown.getByText(runId).first().waitFor();
    await shown.close();
  }, 90_000);

  it('open the workflow of a job', async () => {
    const [newest] = await jobs();
    const id = newest?.id ?? 'none';
    const { runId } = await stage.client.workflow.getHandle(id).describe();
    const shown = await openedBy(page.getByRole('link', { name: `Open ${id} in Temporal Web UI` }));
    expect(shown.url()).toContain(`${stage.webUiUrl}/namespaces/default/workflows/${encodeURIComponent(id)}`);
    await shown.getByText(id).first().waitFor();
    await shown.getByText(runId).first().waitFor();
    await shown.close();
  }, 90_000);
});

describe('the page', () => {
  it('has had no error of its own', () => {
    expect(ownErrors(observed.errors).filter((error) => !error.includes('401'))).toEqual([]);
  });
});

/** Follows a link to where it leads, in a tab of its own. */
async function openedBy(link: Locator): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  opened.setDefaultTimeout(SHOWN_MS);
  await opened.waitForLoadState();
  return opened;
}

/** A field of a browser has no zero seconds: it leaves them out. */
function wholeSecondAfter(iso: string): number {
  const atMs = Math.ceil(Date.parse(iso) / 1_000) * 1_000;
  const seconds = new Date(atMs).getUTCSeconds();
  return seconds === 0 || seconds === 58 ? atMs + 1_000 : atMs;
}

function fieldOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
}
