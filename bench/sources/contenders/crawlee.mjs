// One pass over a list of feeds, as Crawlee does it. Copied to the folder in which Crawlee is installed and run there.
import { readFileSync } from 'node:fs';
import { CheerioCrawler, Configuration, Dataset, log, LogLevel } from '@crawlee/cheerio';

const urls = JSON.parse(readFileSync(process.env.BENCH_URLS, 'utf8'));
const concurrency = Number(process.env.BENCH_CONCURRENCY);
const timeoutSeconds = Number(process.env.BENCH_TIMEOUT_SECONDS);

log.setLevel(LogLevel.OFF);
const configuration = new Configuration({
  storageClientOptions: { localDataDirectory: process.env.BENCH_FOLDER },
  purgeOnStart: false,
});
const dataset = await Dataset.open(undefined, { config: configuration });
const crawler = new CheerioCrawler(
  {
    minConcurrency: concurrency,
    maxConcurrency: concurrency,
    maxRequestRetries: 2,
    navigationTimeoutSecs: timeoutSeconds,
    additionalMimeTypes: ['application/rss+xml'],
    async requestHandler({ $ }) {
      const items = $('item')
        .toArray()
        .map((item) =>
          Object.fromEntries(
            ['guid', 'title', 'link', 'pubDate', 'description'].map((name) => [
              name,
              $(item).find(name).text(),
            ]),
          ),
        );
      await dataset.pushData(items);
    },
  },
  configuration,
);
// Each pass is a new one for its queue.
await crawler.run(urls.map((url) => ({ url, uniqueKey: `${url} ${process.pid}` })));
