import { z } from 'zod';
import { TEMPLATE_ALLOWED, unknownPlaceholders } from '../announce/index.js';
import { headers, httpAddress, instanceName, shortName } from './common.js';
import { duration } from './duration.js';
import { configFacts } from './facts.js';
import { size } from './size.js';

const text = z.string().min(1);

/** What of an answer becomes items. */
const parseSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('feed').describe('RSS, Atom, RDF or JSON Feed.') }),
    z.strictObject({
      kind: z.literal('html').describe('CSS selectors over a page.'),
      item: text.describe('Selects each item; the other selectors look inside it.'),
      title: text.optional().describe('Selects the title; the text of the item when absent.'),
      link: text.optional().describe('Selects the link; the first one in the item when absent.'),
      date: text.optional().describe('Selects the date (its `datetime` attribute, or its text).'),
      summary: text.optional().describe('Selects the summary.'),
    }),
    z.strictObject({
      kind: z.literal('json').describe('JMESPath over a JSON document.'),
      items: text.describe('Gives the list of items.'),
      id: text.optional().describe('Gives the id of an item.'),
      title: text.default('title').describe('Gives the title of an item.'),
      link: text.default('url').describe('Gives the link of an item.'),
      date: text.optional().describe('Gives the date of an item.'),
      summary: text.optional().describe('Gives the summary of an item.'),
    }),
    z.strictObject({
      kind: z.literal('raw').describe('The whole answer is one item; new when its content changes.'),
    }),
  ])
  .prefault({ kind: 'feed' })
  .describe('What of an answer becomes items.');

const fetchSchema = z
  .strictObject({
    connect_timeout: duration({ minMs: 100, maxMs: 120_000 })
      .default(10_000)
      .describe('Until the connection stands.'),
    headers_timeout: duration({ minMs: 100, maxMs: 300_000 })
      .default(20_000)
      .describe('Until the headers are there.'),
    total_timeout: duration({ minMs: 100, maxMs: 600_000 })
      .default(25_000)
      .describe('For the whole chain of redirects and the body.'),
    max_body: size(1)
      .default(15 * 2 ** 20)
      .describe('Largest body, on the wire and decompressed.'),
    max_redirects: z.number().int().min(0).max(20).default(5).describe('Redirects that are followed.'),
  })
  .prefault({})
  .describe('Limits of one fetch.');

const breakerSchema = z
  .strictObject({
    failures: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('Failed cycles in a row that open the breaker.'),
    open: duration({ minMs: 1_000 })
      .default(300_000)
      .describe('How long it stays open the first time; twice as long each further time.'),
    max_open: duration({ minMs: 1_000 })
      .default(21_600_000)
      .describe('It stays open no longer than this, unless the source is fetched less often anyway.'),
  })
  .prefault({})
  .refine((breaker) => breaker.open <= breaker.max_open, {
    message: 'expected a duration not longer than max_open',
    path: ['open'],
  })
  .describe('A failing source is left alone for a while.');

const alertsSchema = z
  .strictObject({
    down_after: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('Failed cycles until the source counts as down.'),
    up_after: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(1)
      .describe('Good cycles until it counts as up again.'),
    min_success_rate: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Warn when a smaller share of the cycles of 24 h succeeded, e.g. 0.8; never when absent.'),
    silent_after: duration({ minMs: 60_000 })
      .optional()
      .describe('Warn when there was no new item for this long; never when absent.'),
  })
  .prefault({})
  .describe('When to send a notification about this source.');

/** Longest template; most targets take less than this in all. */
const TEMPLATE_LENGTH_MAX = 4_000;

/** No answer has more items. */
const INITIAL_MAX = 2_000;

const announcementTemplate = z
  .string()
  .min(1)
  .max(TEMPLATE_LENGTH_MAX)
  .refine((template) => unknownPlaceholders(template).length === 0, `expected ${TEMPLATE_ALLOWED}`)
  .register(configFacts, { allowed: TEMPLATE_ALLOWED });

const announceSchema = z
  .strictObject({
    sink: shortName.describe('Name of a sink of `notify`.'),
    template: announcementTemplate
      .default('{title}\n{link}')
      .describe('Text of the message; long titles and summaries are shortened to what the sink takes.'),
    every: duration({ minMs: 0 }).default(1_000).describe('Shortest pause between two messages.'),
    initial: z
      .number()
      .int()
      .min(0)
      .max(INITIAL_MAX)
      .default(5)
      .describe(
        'How many items of the first answer to send, the newest ones: most of them are old. Of later answers all that is new is sent.',
      ),
  })
  .describe('Sends each new item to a sink.');

export const sourceSchema = z.strictObject({
  id: instanceName.describe(
    'Name of the source; its workflow is `source/<id>`. `all` is taken: it names the feed of all sources.',
  ),
  url: httpAddress().describe('What to fetch.'),
  parse: parseSchema,
  every: duration({ minMs: 1_000 })
    .default(300_000)
    .describe(
      'How often to fetch; not more often than each 60s unless allow_fast, and less often where feed or server ask for it (ttl, max-age).',
    ),
  allow_fast: z
    .boolean()
    .default(false)
    .describe(
      'Allow an interval under 60s, and keep to it whatever feed and server ask for. Only for sites of your own.',
    ),
  headers: headers.optional().describe('Request headers to send.'),
  user_agent: text
    .max(300)
    .optional()
    .describe(
      'Name and contact for the site; `holdfast/<version>` with the `contact` of the file when absent.',
    ),
  charset: text.max(40).optional().describe('Character set of the answer when the site names a wrong one.'),
  robots: z
    .enum(['auto', 'obey', 'ignore'])
    .default('auto')
    .describe('robots.txt: `auto` obeys it for pages and does not ask for feeds.'),
  rate_scope: z
    .enum(['auto', 'domain', 'host', 'source'])
    .default('auto')
    .describe('Which sources share one limit: those of a registrable domain, a host, or each its own.'),
  allow_private: z.boolean().default(false).describe('Allow private, loopback and link-local addresses.'),
  dedup: z
    .enum(['auto', 'id', 'url', 'content'])
    .default('auto')
    .describe('What makes an item the same: `auto` goes from id to url to content.'),
  fetch: fetchSchema,
  breaker: breakerSchema,
  alerts: alertsSchema,
  announce: z
    .array(announceSchema)
    .max(16)
    .default([])
    .describe('Where new items are sent as they are stored.'),
  keep: duration({ minMs: 3_600_000 })
    .optional()
    .describe('Delete items not seen for this long; never when absent.'),
});

/** A source as configured, defaults filled in, durations in milliseconds. */
export type SourceConfig = z.output<typeof sourceSchema>;
/** A source as people write it: the input of the workflow `source`. */
export type SourceInput = z.input<typeof sourceSchema>;
