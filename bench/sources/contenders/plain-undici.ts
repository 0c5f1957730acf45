import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'cheerio';
import { Agent, request } from 'undici';

/** One pass over a list of feeds in a few lines, as people write it: a pool of workers, three attempts, and a timeout. */
const { BENCH_FOLDER, BENCH_URLS, BENCH_CONCURRENCY, BENCH_TIMEOUT_SECONDS } = process.env;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 2_000;

const queue = (JSON.parse(await readFile(String(BENCH_URLS), 'utf8')) as string[]).values();
const timeoutMs = Number(BENCH_TIMEOUT_SECONDS) * 1_000;
const dispatcher = new Agent({ connections: Number(BENCH_CONCURRENCY) });
await Promise.all(Array.from({ length: Number(BENCH_CONCURRENCY) }, work));

async function work(): Promise<void> {
  for (const url of queue) {
    const text = await fetchPatiently(url);
    if (text === null) continue;
    const items = load(text, { xml: true })('item');
    const lines = items.toArray().map((item) => JSON.stringify(load(item, { xml: true }).text()));
    await appendFile(`${BENCH_FOLDER}/items.jsonl`, `${lines.join('\n')}\n`);
  }
}

async function fetchPatiently(url: string): Promise<string | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 2));
    try {
      const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(timeoutMs) });
      const text = await body.text();
      if (statusCode < 300) return text;
      if (statusCode < 500) return null;
    } catch {
      // The next attempt is the answer to it.
    }
  }
  return null;
}
