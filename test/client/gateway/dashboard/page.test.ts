/**
 * Goal: the page at / shows what there is and does what its buttons say. Method: Chromium on a real gateway, worker, server, capture,
 * stream and sources.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '../../../../core/jobs/index.js';
import { until } from '../../../support/cluster.js';
import { DashboardPage, lookAt, shows, SHOWN_MS } from '../../../support/dashboard-page.js';
import { UI_URL } from '../../../support/dashboard-stage.js';

let dashboard: DashboardPage;

beforeAll(async () => {
  dashboard = await DashboardPage.open();
}, 240_000);

afterAll(async () => {
  await dashboard.close();
}, 60_000);

describe('the page', () => {
  it('shows instances by kind with their state, branches and what they deliver', async () => {
    await shows(dashboard.panel('instances'), /Captures \(1\)/);
    await shows(dashboard.panel('instances'), /Streams \(1\)/);
    await shows(dashboard.panel('instances'), /Sources \(2\)/);
    await shows(dashboard.card('capture/studio'), /running/);
    await shows(dashboard.card('capture/studio').locator('.branches li'), /ingest.*running.*run 1.*fps/);
    await shows(dashboard.card('capture/studio').locator('.branches li'), /tape.*running/);
    await shows(dashboard.card('stream/alice').locator('.branches li'), /recording.*running.*(kbit|Mbit)\/s/);
    await shows(dashboard.card('stream/alice'), /Last incident .* ago: recording/);
  }, 120_000);

  it('filters by words, kind and state', async () => {
    const cards = dashboard.panel('instances').locator('article');
    await dashboard.page.locator('#search').fill('stream/ali');
    await until(async () => (await cards.count()) === 1, SHOWN_MS, 'one instance');
    expect(await cards.first().getAttribute('data-instance')).toBe('stream/alice');
    await dashboard.page.locator('#search').fill('');
    await dashboard.page.locator('#kind').selectOption('source');
    await until(async () => (await cards.count()) === 2, SHOWN_MS, 'two sources');
    await dashboard.page.locator('#state').selectOption('running');
    await dashboard.page.locator('#kind').selectOption('capture');
    await until(async () => (await cards.count()) === 1, SHOWN_MS, 'the capture');
    await dashboard.page.locator('#kind').selectOption('');
    await dashboard.page.locator('#state').selectOption('');
    await until(async () => (await cards.count()) === 4, SHOWN_MS, 'all instances');
  }, 90_000);

  it('shows a picture of a capture and takes a new one while it is seen', async () => {
    const figure = dashboard.card('capture/studio').locator('figure');
    const picture = figure.locator('img');
    await lookAt(figure, picture);
    await until(
      async () => await picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 100),
      SHOWN_MS,
      'a picture',
    );
    const first = await picture.getAttribute('src');
    await until(async () => (await picture.getAttribute('src')) !== first, SHOWN_MS, 'another picture');
  }, 90_000);

  it('shows a picture of what a stream has recorded, with the age of that picture', async () => {
    const card = dashboard.card('stream/alice');
    const picture = card.locator('img');
    await lookAt(card.locator('figure'), picture);
    await until(
      async () => await picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 100),
      SHOWN_MS,
      'a picture',
    );
    await shows(card.locator('figcaption'), /^picture of \d+s ago$/);
    const answer = await fetch(`${dashboard.stage.url}/api/instances/stream%2Falice/preview`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const ends = (await dashboard.stage.cluster.manifest('stream/alice')).flatMap(({ end }) => end ?? []);
    const inWholeSeconds = ends.map((end) => new Date(end).toUTCString());
    expect(inWholeSeconds).toContain(answer.headers.get('last-modified'));
  }, 90_000);

  it('shows what a recording lacks and why, on a bar, by keyboard and in words', async () => {
    const coverage = await dashboard.coverage('stream/alice');
    const bar = coverage.getByRole('slider');
    const { branches } = await dashboard.stage.json<{ branches: { gaps: { cause: string }[] }[] }>(
      '/api/instances/stream%2Falice/gaps?since=24h',
    );
    const [gap] = branches[0]?.gaps ?? [];
    expect(gap?.cause).toBeTruthy();
    await bar.focus();
    await shows(coverage.locator('.shown-gap'), String(gap?.cause));
    expect(await bar.getAttribute('aria-valuetext')).toContain(gap?.cause);
    expect(
      await bar
        .locator('title')
        .filter({ hasText: gap?.cause ?? '' })
        .count(),
    ).toBeGreaterThan(0);
    await coverage.locator('summary').click();
    await shows(coverage.locator('.gaps li'), String(gap?.cause));
    await shows(coverage, /% recorded .* missing in \d+ gap/);
  }, 90_000);

  it('takes a slow press of the mouse for what it began on', async () => {
    const coverage = await dashboard.coverage('stream/alice');
    const details = coverage.locator('details');
    const isOpen = await details.evaluate((element: HTMLDetailsElement) => element.open);
    // Pressing anything else takes the words of the gap away, so that what is below moves up.
    await coverage.getByRole('slider').focus();
    await coverage.locator('.shown-gap').waitFor();
    await coverage.locator('summary').click({ delay: 200 });
    expect(await details.evaluate((element: HTMLDetailsElement) => element.open)).toBe(!isOpen);
    await coverage.locator('.shown-gap').waitFor({ state: 'hidden' });
  }, 90_000);

  it('shows how the sources fare', async () => {
    const rows = dashboard.panel('sources').locator('tbody tr');
    await shows(rows, /news.*up.*closed.*100\.0 % of/);
    await shows(rows, /broken.*open.*parse_error/);
  }, 90_000);

  it('shows incidents and notifications of all instances', async () => {
    await shows(dashboard.panel('incidents').locator('tbody tr'), /stream\/alice.*recording/);
    await shows(
      dashboard.panel('notifications').locator('li'),
      /info.*stream\/alice.*Connection lost, retrying/,
    );
    await shows(dashboard.panel('notifications').locator('li'), /success.*stream\/alice.*Reconnected/);
  }, 90_000);

  it('links to the workflow in the Web UI of Temporal, without telling it where one came from', async () => {
    const link = dashboard.card('stream/alice').getByRole('link', { name: /Temporal Web UI/ });
    const href = await link.getAttribute('href');
    expect(href).toMatch(new RegExp(`^${UI_URL}/namespaces/default/workflows/stream%2Falice/[0-9a-f-]{36}$`));
    expect(await link.getAttribute('rel')).toContain('noopener');
  }, 60_000);
});

describe('a button', () => {
  it('pauses and resumes', async () => {
    await dashboard.press('stream/alice', 'pause');
    await shows(dashboard.card('stream/alice').locator('.outcome'), /Pause: (?:stopping|paused)/);
    await dashboard.stage.cluster.untilState('stream/alice', 'paused');
    await shows(dashboard.head('stream/alice'), /paused/);
    await dashboard.press('stream/alice', 'resume');
    await dashboard.stage.cluster.untilState('stream/alice', 'running');
    await shows(dashboard.head('stream/alice'), /running/);
  }, 120_000);

  it('tells a waiting capture that its signal is back', async () => {
    await dashboard.stage.capture.setSignal('no-link');
    await dashboard.stage.capture.untilState('waiting_signal');
    await shows(dashboard.head('capture/studio'), /waiting signal/);
    await shows(dashboard.panel('notifications').locator('li'), /HDMI signal lost, waiting/);
    await dashboard.stage.capture.setSignal('locked');
    await dashboard.press('capture/studio', 'hdmiRestored');
    await dashboard.stage.capture.untilState('running');
    await shows(dashboard.head('capture/studio'), /running/);
  }, 120_000);

  it('fetches a source now, and closes its breaker', async () => {
    const asked = (source: string) =>
      dashboard.stage.feeds.requests.filter(({ name }) => name === source).length;
    const before = asked('news');
    await dashboard.press('source/news', 'fetchNow');
    await until(() => asked('news') > before, SHOWN_MS, 'a request for the feed');
    await shows(dashboard.panel('sources').locator('tbody tr'), /broken.*open for another/);
    const leftAlone = asked('broken');
    await dashboard.press('source/broken', 'resetBreaker');
    await until(() => asked('broken') > leftAlone, SHOWN_MS, 'a request for the source that was left alone');
  }, 90_000);

  it('asks before it stops, does nothing when told not to, and starts again by retry', async () => {
    await dashboard.press('source/news', 'stop');
    const dialog = dashboard.page.getByRole('dialog');
    await shows(dialog, /Stop source\/news\?/);
    await dashboard.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await dashboard.stage.cluster.status('source/news')).state).toBe('running');
    await dashboard.press('source/news', 'stop');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await shows(dashboard.head('source/news'), /stopped/);
    await dashboard.press('source/news', 'retry');
    await dashboard.stage.cluster.untilState('source/news', 'running');
    await shows(dashboard.head('source/news'), /running/);
  }, 120_000);

  it('says beside itself, in the words of the gateway, what went wrong', async () => {
    const form = dashboard.panel('jobs').locator('form');
    await dashboard.page.locator('#job-kind').selectOption('digest');
    await form.locator('[name="topic"]').fill('bridge*');
    await form.locator('[name="period"]').fill('yesterday');
    await form.getByRole('button', { name: 'Start job' }).click();
    await shows(form.locator('.outcome'), /Start job: .*period/);
    const refused = await fetch(`${dashboard.stage.url}/api/jobs`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'digest', params: { topic: 'bridge*', period: 'yesterday' } }),
      headers: { 'content-type': 'application/json' },
    });
    const { error } = (await refused.json()) as { error: { message: string } };
    expect(await form.locator('.outcome').textContent()).toContain(error.message);
  }, 60_000);

  it('starts a job, which is followed to its end with what it made', async () => {
    const form = dashboard.panel('jobs').locator('form');
    await form.locator('[name="topic"]').fill('bridge*');
    await form.locator('[name="period"]').fill('24h');
    await form.getByRole('button', { name: 'Start job' }).click();
    await shows(form.locator('.outcome'), /job\/\S+ was started/);
    const job = dashboard.panel('jobs').locator('article').first();
    await shows(job.locator('.card-head'), /completed/);
    await shows(job, /100 %/);
    const [made] = await dashboard.stage.json<JobView[]>('/api/jobs');
    expect(made?.status).toBe('completed');
    const link = job.getByRole('link', { name: 'digest.md' });
    const answer = await fetch(`${dashboard.stage.url}${await link.getAttribute('href')}`);
    expect(await answer.text()).toContain('# Digest');
  }, 120_000);
});
