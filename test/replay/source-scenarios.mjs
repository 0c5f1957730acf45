// What is recorded of sources for the replay test: every way in which a cycle ends, and every message.
import { createServer } from 'node:http';
import { until } from '../../dist/test/support/cluster.js';

const STATE_TIMEOUT_MS = 60_000;
/** A cycle that no fetcher takes waits this long until it says so. */
const UNANSWERED_TIMEOUT_MS = 180_000;
/** At this length at the latest a new history is begun. */
const HISTORY_EVENTS = 3_500;
/** Half of what a server keeps while the workflow decides. */
const MESSAGES_AT_ONCE = 50;

/** Scenarios by name; each plays a source of its name to its end. `host.fetcher` is the worker that fetches. */
export function sourceScenarios(cluster, host, feeds) {
  const tools = toolsOf(cluster, host, feeds);
  return {
    'source-healthy': (name) => healthy(tools, name),
    'source-breaker': (name) => breaker(tools, name),
    'source-messages': (name) => messages(tools, name),
    'source-changes': (name) => changes(tools, name),
    'source-deferred': (name) => deferred(tools, name),
    'source-fetcher-lost': (name) => fetcherLost(tools, name),
    'source-failed': (name) => failed(tools, name),
    'source-continued': (name) => continued(tools, name),
  };
}

/** A server of feeds: `answer.how` says what it does with every request. */
export async function startFeeds() {
  const feeds = { answer: { how: 'good' }, asked: 0 };
  const server = createServer((request, response) => {
    feeds.asked += 1;
    const etag = `"${request.url}"`;
    const head = { 'content-type': 'application/rss+xml', etag };
    const item = `<item><guid>${request.url}</guid><title>News</title></item>`;
    if (feeds.answer.how === 'reset') response.socket.resetAndDestroy();
    else if (feeds.answer.how === 'html') response.end('<!doctype html><html><body>Welcome</body></html>');
    else if (feeds.answer.how === 'away') response.writeHead(503, { 'retry-after': '120' }).end();
    else if (feeds.answer.how === 'held') response.on('error', () => undefined);
    else if (request.headers['if-none-match'] === etag) response.writeHead(304, head).end();
    else response.writeHead(200, head).end(`<rss version="2.0"><channel>${item}</channel></rss>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(feeds, {
    url: (name) => `http://127.0.0.1:${server.address().port}/${name}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
}

function toolsOf(cluster, host, feeds) {
  const statusOf = (name) => cluster.status(`source/${name}`);
  const untilDetail = (name, pattern) =>
    until(
      async () => pattern.test((await statusOf(name)).detail),
      STATE_TIMEOUT_MS,
      `${name} to say ${pattern}`,
    );
  const entry = (id, more) => ({ id, url: feeds.url(id), allow_private: true, allow_fast: true, ...more });
  return {
    cluster,
    host,
    feeds,
    statusOf,
    entry,
    begin: async (id, more) => {
      feeds.answer.how = more.how ?? 'good';
      const { how: _how, ...keys } = more;
      const args = [entry(id, keys)];
      return await cluster.client.workflow.start('source', {
        workflowId: `source/${id}`,
        taskQueue: 'holdfast',
        args,
      });
    },
    untilState: (name, state, timeoutMs = STATE_TIMEOUT_MS) =>
      cluster.untilState(`source/${name}`, state, timeoutMs),
    untilRun: (name, run) =>
      until(
        async () => (await statusOf(name)).branches[0].run >= run,
        STATE_TIMEOUT_MS,
        `cycle ${run} of ${name}`,
      ),
    untilAsked: async (count) => {
      const before = feeds.asked;
      await until(() => feeds.asked >= before + count, STATE_TIMEOUT_MS, 'a request');
    },
    /** Between two cycles: in the middle of one, messages mean that one. */
    untilIdle: (name) => untilDetail(name, /^next fetch/),
    untilDetail,
    stop: async (handle) => {
      await handle.signal('stop');
      await handle.result();
    },
  };
}

async function healthy({ begin, untilRun, stop }, id) {
  const handle = await begin(id, { every: '1s' });
  await untilRun(id, 4);
  await stop(handle);
}

async function breaker({ begin, feeds, untilState, untilRun, stop }, id) {
  const rules = { failures: 2, open: '2s', max_open: '4s' };
  const handle = await begin(id, { how: 'reset', every: '1s', breaker: rules });
  await untilState(id, 'retrying');
  feeds.answer.how = 'html';
  await untilState(id, 'degraded');
  // A probe that fails, one that a person asks for, and one that succeeds.
  await untilRun(id, 3);
  await untilState(id, 'degraded');
  await handle.signal('fetchNow');
  await untilRun(id, 4);
  await untilState(id, 'degraded');
  feeds.answer.how = 'good';
  await untilState(id, 'running');
  await stop(handle);
}

async function messages({ begin, feeds, untilIdle, untilDetail, untilState, untilRun, untilAsked, stop }, id) {
  const handle = await begin(id, { every: '1h' });
  await untilIdle(id);
  await handle.signal('fetchNow');
  await untilRun(id, 2);
  await untilIdle(id);
  await handle.signal('pause');
  await untilState(id, 'paused');
  await handle.signal('fetchNow');
  await untilRun(id, 3);
  await untilDetail(id, /^paused$/);
  await handle.signal('resume');
  await untilIdle(id);
  await handle.signal('resetBreaker');
  await untilRun(id, 4);
  await untilIdle(id);
  feeds.answer.how = 'held';
  const asked = untilAsked(1);
  await handle.signal('retry');
  await asked;
  await handle.signal('pause');
  await untilState(id, 'paused');
  feeds.answer.how = 'good';
  await handle.signal('resume');
  await untilIdle(id);
  await stop(handle);
}

async function changes({ begin, entry, feeds, untilIdle, untilRun, untilAsked }, id) {
  const handle = await begin(id, { every: '1h' });
  await untilIdle(id);
  const reconfigure = (more) => handle.executeUpdate('reconfigure', { args: [entry(id, more)] });
  await reconfigure({ every: '2h' });
  await reconfigure({ every: '2h', dedup: 'url' });
  await untilRun(id, 2);
  await untilIdle(id);
  feeds.answer.how = 'held';
  const asked = untilAsked(1);
  await handle.signal('fetchNow');
  await asked;
  feeds.answer.how = 'good';
  await reconfigure({ every: '2h', dedup: 'content' });
  await untilRun(id, 4);
  await untilIdle(id);
  await handle.cancel();
  await handle.result();
}

async function deferred({ begin, untilDetail, untilRun, stop }, id) {
  const handle = await begin(id, { how: 'away', every: '1h' });
  await untilDetail(id, /^left alone/);
  // A person may ask all the same; the site is left alone for as long as it has asked for.
  await handle.signal('resetBreaker');
  await untilRun(id, 2);
  await untilDetail(id, /^left alone/);
  await stop(handle);
}

async function fetcherLost({ cluster, host, begin, feeds, untilIdle, untilState, untilAsked, stop }, id) {
  const handle = await begin(id, { every: '1h' });
  await untilIdle(id);
  feeds.answer.how = 'held';
  const asked = untilAsked(1);
  await handle.signal('fetchNow');
  await asked;
  await host.fetcher.end('SIGKILL');
  feeds.answer.how = 'good';
  host.fetcher = await cluster.startWorker('fetch');
  await untilIdle(id);
  await host.fetcher.end('SIGKILL');
  await handle.signal('fetchNow');
  await untilState(id, 'waiting_host', UNANSWERED_TIMEOUT_MS);
  host.fetcher = await cluster.startWorker('fetch');
  await untilIdle(id);
  await stop(handle);
}

async function failed({ cluster }, id) {
  const options = { workflowId: `source/${id}`, taskQueue: 'holdfast', args: [{ id, url: 'gopher://x' }] };
  const handle = await cluster.client.workflow.start('source', options);
  await handle.result().catch(() => undefined);
}

async function continued({ cluster, begin, untilIdle, untilState, untilRun, stop }, id) {
  const handle = await begin(id, { every: '1h' });
  await untilIdle(id);
  await handle.signal('pause');
  await untilState(id, 'paused');
  const latest = () => cluster.client.workflow.getHandle(`source/${id}`);
  const { runId } = await latest().describe();
  for (let now = await latest().describe(); now.runId === runId; now = await latest().describe()) {
    if (now.historyLength > HISTORY_EVENTS) break;
    await Promise.all(Array.from({ length: MESSAGES_AT_ONCE }, () => latest().signal('pause')));
    // It is answered when the messages have been read.
    await cluster.status(`source/${id}`);
  }
  const isNext = async () => (await latest().describe()).runId !== runId;
  await until(isNext, STATE_TIMEOUT_MS, 'the next execution');
  await untilState(id, 'paused');
  await latest().signal('resume');
  await untilIdle(id);
  await latest().signal('fetchNow');
  await untilRun(id, 2);
  await untilIdle(id);
  await stop(latest());
}
