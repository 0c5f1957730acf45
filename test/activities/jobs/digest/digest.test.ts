/**
 * Goal: a digest is made from what sources brought, and no failure of the endpoint that writes it costs what was written before.
 * Method: the steps as a worker runs them, on real databases and against an endpoint that fails as endpoints do.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import type { ParsedItem } from '../../../../core/items.js';
import type { Store } from '../../../../store/index.js';
import { cycleInput, namedItem } from '../../../support/cycles.js';
import { DigestJob } from '../../../support/digest-job.js';
import { LlmServer } from '../../../support/llm-server.js';
import { describeStores, later } from '../../../support/stores.js';

const HOUR_MS = 3_600_000;
const SILENCE_MS = 1_000;

let server: LlmServer;
beforeAll(async () => {
  server = await LlmServer.start();
});
beforeEach(() => {
  server.asked.length = 0;
  server.next.length = 0;
});
afterAll(async () => {
  await server.close();
});

const llm = () => ({ base_url: server.baseUrl, model: 'small', timeout: SILENCE_MS });

async function keep(store: Store, source: string, items: readonly ParsedItem[]): Promise<void> {
  await store.sources.storeCycle(cycleInput('1', { items, cycle: { source } }));
}

const OPENED = 'The new bridge over the river was opened on Sunday by the mayor.';
const COST = 'Building the bridge took three years and cost forty million.';

async function keepBridges(store: Store): Promise<void> {
  await keep(store, 'news', [
    namedItem('bridge', {
      title: 'Mayor opens new bridge over the river',
      content: `<p>${OPENED}</p><p>${COST}</p>`,
    }),
    namedItem('collapse', {
      title: 'Old bridge in the south collapses',
      content: '<p>Nobody was on the old bridge when it fell into the water.</p>',
    }),
    namedItem('weather', {
      title: 'Sunny weekend ahead',
      content: '<p>Nothing else to be told about today.</p>',
    }),
  ]);
  await keep(store, 'blog', [
    namedItem('opening', {
      title: 'Mayor opens new bridge over the river - Blog',
      content: `<p>${OPENED}</p>`,
    }),
    namedItem('evil', {
      title: 'Bridge <script>alert(1)</script>',
      link: 'javascript:alert(1)',
      content: `<p>Look at this bridge at https://evil.example/login before it is too late.</p><script>alert(1)</script>`,
    }),
  ]);
}

describeStores('a digest', (withStore) => {
  it('sums up what sources say about a topic, each story once, with links to the originals', async () => {
    await withStore(async (store) => {
      await keepBridges(store);
      await DigestJob.use(store, {}, async (job) => {
        await job.runAll();
        expect(job.artifacts).toEqual(['digest.md', 'digest.html', 'digest.json']);
        const stories = await job.stories();
        expect(stories.map(({ title }) => title).sort()).toEqual([
          'Bridge <script>alert(1)</script>',
          'Mayor opens new bridge over the river',
          'Old bridge in the south collapses',
        ]);
        // Two sources tell it, and the one that says more is shown.
        expect(stories.find(({ title }) => title.startsWith('Mayor'))).toMatchObject({
          url: 'https://example.org/bridge',
          content_text: `${OPENED} ${COST}`,
          _holdfast: { source: 'news', others: [{ source: 'blog', url: 'https://example.org/opening' }] },
        });
        const page = load(await job.read('digest.html'));
        expect(page('script')).toHaveLength(0);
        expect(
          page('a')
            .toArray()
            .map((link) => page(link).attr('href') ?? '')
            .sort(),
        ).toEqual([
          'https://example.org/bridge',
          'https://example.org/collapse',
          'https://example.org/opening',
        ]);
        expect(await job.read('digest.md')).not.toContain('evil.example');
        expect(job.logs).toEqual(['info: 4 items match the topic']);
        expect(job.progress.every(({ percent }) => percent !== null && percent >= 0 && percent <= 100)).toBe(
          true,
        );
        const ends = job.progress.filter(({ percent }) => percent === 100);
        expect(ends.map(({ unit }) => unit)).toEqual(['items', 'stories', 'stories', 'stories', 'files']);
        for (const { done, total, rate } of ends) {
          expect(done).toBe(total);
          expect(rate).toBeGreaterThan(0);
        }
      });
    });
  });

  it('is the same, byte for byte, when its steps are made again', async () => {
    await withStore(async (store) => {
      await keepBridges(store);
      await DigestJob.use(store, { createdAt: later(0).toISOString() }, async (job) => {
        await job.runAll();
        const before = await Promise.all(job.artifacts.map((name) => job.read(name)));
        await job.runAll();
        expect(await Promise.all(job.artifacts.slice(0, 3).map((name) => job.read(name)))).toEqual(before);
      });
    });
  });

  it('takes only the named sources and the period, counted back from when it was asked for', async () => {
    await withStore(async (store) => {
      await keep(store, 'news', [
        namedItem('bridge-old', { published: later(-30 * HOUR_MS).toISOString() }),
        namedItem('bridge-new', { published: later(-2 * HOUR_MS).toISOString() }),
      ]);
      await keep(store, 'blog', [namedItem('bridge-blog')]);
      const params = { sources: ['news', 'nowhere'] };
      await DigestJob.use(store, { params }, async (job) => {
        await job.runAll();
        expect((await job.stories()).map(({ title }) => title)).toEqual(['Title of bridge-new']);
        expect(job.logs).toContain('warning: nothing is stored of source/nowhere');
      });
      await DigestJob.use(store, { params, createdAt: later(-20 * HOUR_MS).toISOString() }, async (job) => {
        await job.runAll();
        expect((await job.stories()).map(({ title }) => title)).toEqual(['Title of bridge-old']);
      });
      const period = { from: later(-40 * HOUR_MS).toISOString(), to: later(HOUR_MS).toISOString() };
      await DigestJob.use(store, { params: { period, max_items: 2 } }, async (job) => {
        await job.runAll();
        expect(await job.stories()).toHaveLength(2);
      });
    });
  });

  it('that finds nothing says so and is no failure', async () => {
    await withStore(async (store) => {
      await DigestJob.use(store, { params: { summarizer: 'llm' }, llm: llm() }, async (job) => {
        await job.runAll();
        expect(await job.stories()).toEqual([]);
        expect(await job.read('digest.md')).toContain('No items matched the topic');
        expect(server.asked).toHaveLength(0);
      });
    });
  });

  it('about nothing in particular fails at once and says why', async () => {
    await withStore(async (store) => {
      await DigestJob.use(store, { params: { topic: '-bridge' } }, async (job) => {
        await expect(job.run('select')).rejects.toMatchObject({ cause: 'invalid_config', retryable: false });
      });
    });
  });
});

describeStores('a digest written by an endpoint', (withStore) => {
  const useJob = async (params: object, use: (job: DigestJob) => Promise<void>): Promise<void> => {
    await withStore(async (store) => {
      await keepBridges(store);
      await DigestJob.use(store, { params: { summarizer: 'llm', ...params }, llm: llm() }, use);
    });
  };

  it('shows the tokens as they come, and trusts none of them', async () => {
    await useJob({}, async (job) => {
      server.next.push({
        kind: 'tokens',
        tokens: ['<b>Opened</b>, see ', 'https://evil.example/ and [x](javascript:alert(1))'],
      });
      await job.runAll();
      const [first] = await job.stories();
      expect(first?.content_text).toBe('<b>Opened</b>, see and [x](');
      expect(job.progress.map(({ text }) => text)).toEqual(
        expect.arrayContaining(['<b>Opened</b>, see ', 'All ', 'is ', 'well.']),
      );
      const html = await job.read('digest.html');
      expect(html).toContain('&lt;b&gt;Opened&lt;/b&gt;');
      expect(html).toContain('<p class="overview" dir="auto">All is well.</p>');
      // Three stories and the head.
      expect(server.asked).toHaveLength(4);
    });
  });

  it.each([
    ['stalls', { kind: 'stall', tokens: ['Half a '] }],
    ['is cut off', { kind: 'cut', tokens: ['Half a '] }],
    ['has too much to do', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, text: '' }],
  ] as const)('is gone on with where the endpoint %s: nothing is written twice', async (_title, failure) => {
    await useJob({}, async (job) => {
      await job.run('select');
      await job.run('group');
      server.next.push({ kind: 'tokens', tokens: ['The first.'] }, failure);
      await expect(job.run('summarize')).rejects.toMatchObject({ name: 'StepFailure', retryable: true });
      expect(server.asked).toHaveLength(2);
      await job.run('summarize');
      await job.run('write');
      // The first story, the second twice, the third, and the head.
      expect(server.asked).toHaveLength(5);
      expect((await job.stories()).map(({ content_text: content }) => content)).toEqual([
        'The first.',
        'All is well.',
        'All is well.',
      ]);
    });
  });

  it('fails for good with a key that is refused, unless another summariser is allowed', async () => {
    const refused = { kind: 'status', status: 401, text: '{"error":{"message":"Wrong key"}}' } as const;
    await useJob({}, async (job) => {
      await job.run('select');
      await job.run('group');
      server.next.push(refused);
      await expect(job.run('summarize')).rejects.toMatchObject({ cause: 'unauthorized', retryable: false });
    });
    server.asked.length = 0;
    await useJob({ on_llm_failure: 'extractive' }, async (job) => {
      server.next.push(refused);
      await job.runAll();
      expect(server.asked).toHaveLength(1);
      const texts = (await job.stories()).map(({ content_text: content }) => content);
      expect(texts).toContain(`${OPENED} ${COST}`);
      expect(job.logs).toContain(
        'warning: the endpoint answered HTTP 401 Wrong key; the built-in summariser takes over',
      );
    });
  });

  it('is left to the built-in summariser after three failures, if that is allowed, and keeps what was written', async () => {
    await useJob({ on_llm_failure: 'extractive' }, async (job) => {
      await job.run('select');
      await job.run('group');
      const busy = { kind: 'status', status: 503, text: 'busy' } as const;
      server.next.push({ kind: 'tokens', tokens: ['Written before.'] }, busy, busy, busy);
      await expect(job.run('summarize')).rejects.toMatchObject({ cause: 'server_error' });
      await expect(job.run('summarize')).rejects.toMatchObject({ cause: 'server_error' });
      await job.run('summarize');
      await job.run('write');
      expect(server.asked).toHaveLength(4);
      const texts = (await job.stories()).map(({ content_text: content }) => content);
      expect(texts[0]).toBe('Written before.');
      expect(texts).not.toContain('All is well.');
    });
  });

  it('needs an endpoint in the configuration, and says so before there is any work', async () => {
    await withStore(async (store) => {
      await DigestJob.use(store, { params: { summarizer: 'llm' } }, async (job) => {
        await expect(job.run('select')).rejects.toMatchObject({
          cause: 'invalid_config',
          retryable: false,
          message: expect.stringContaining('jobs.llm') as unknown,
        });
      });
    });
  });

  it('ends at once when it is cancelled', async () => {
    await useJob({}, async (job) => {
      await job.run('select');
      await job.run('group');
      server.next.push({ kind: 'stall', tokens: ['Half a '] });
      const running = job.run('summarize');
      while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      job.controller.abort(new Error('cancelled'));
      await expect(running).rejects.toThrow('cancelled');
      while ((await server.countConnections()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
});
