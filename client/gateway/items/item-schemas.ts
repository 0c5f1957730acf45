import { z } from 'zod';
import { instanceName, pattern } from '../../../core/config/common.js';
import { SINCE_ALLOWED } from '../../recordings/index.js';
import type { ItemRevision, StoredItem } from '../../../store/index.js';
import { flag, since } from '../request-schemas.js';

/** Items of one page. */
export const PAGE_ITEMS_MAX = 200;
const PAGE_ITEMS_DEFAULT = 50;
/** Longest text that is looked for. */
const TEXT_LENGTH_MAX = 200;

const itemNumber = z.coerce
  .number<string>()
  .int()
  .min(1)
  .describe('Number of an item: the order in which the store took them.');

/** `?source=`: the name of a source. */
export const sourceFilter = instanceName.optional().describe('Only this source, by its name.');

export const itemQuerySchema = z.strictObject({
  source: sourceFilter,
  since: since.optional().describe(`Only items first seen then or later: ${SINCE_ALLOWED} before now.`),
  until: since.optional().describe(`Only items first seen before: ${SINCE_ALLOWED} before now.`),
  q: pattern(/^[^\0]+$/, 'a text of 1 to 200 characters')
    .max(TEXT_LENGTH_MAX)
    .optional()
    .describe('Only items with this text in their title or summary.'),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(PAGE_ITEMS_MAX)
    .default(PAGE_ITEMS_DEFAULT)
    .describe('At most this many items.'),
  cursor: itemNumber
    .optional()
    .describe('`next` of the page before. Items that come in meanwhile shift no page.'),
  content: flag.describe('With the content of each item; then the size of the answer ends a page, too.'),
});

export const itemParamsSchema = z.strictObject({ number: itemNumber });

const text = z.string().nullable();

const enclosureSchema = z.object({ url: z.string(), type: text, bytes: z.number().nullable() });

const versionShape = {
  title: text.describe('Plain text.'),
  link: text,
  updated: text.describe('As the source says. ISO 8601, UTC.'),
  summary: text.describe('Plain text.'),
  content: text.describe(
    'HTML or text as the source gave it: not safe to show as it is. Null when not asked for.',
  ),
  author: text,
};

export const itemSchema = z
  .object({
    number: z.number().int().describe('Order in which the store took the items; newest first is by this.'),
    source: z.string().describe('Name of the source.'),
    guid: text.describe('What the source calls the item.'),
    ...versionShape,
    published: text.describe('As the source says. ISO 8601, UTC.'),
    categories: z.array(z.string()).readonly(),
    enclosures: z.array(enclosureSchema).readonly(),
    image: text,
    firstSeenAt: z.string().describe('ISO 8601, UTC.'),
    lastSeenAt: z.string().describe('Last time it was listed by its source. ISO 8601, UTC.'),
    changedAt: text.describe('When it changed last; null when it never did. ISO 8601, UTC.'),
    revision: z
      .number()
      .int()
      .describe('How many versions of it there have been; 1 for one that never changed.'),
  })
  .describe('An item of a source.') satisfies z.ZodType<StoredItem>;

export const itemPageSchema = z
  .object({
    items: z.array(itemSchema).describe('The newest first.'),
    next: z.number().int().nullable().describe('`cursor` of the next page; null when this is the last one.'),
  })
  .describe('Items, the newest first.');

export type ItemPage = z.output<typeof itemPageSchema>;

const revisionSchema = z
  .object({
    revision: z.number().int(),
    ...versionShape,
    replacedAt: z.string().describe('Until when it was like this. ISO 8601, UTC.'),
  })
  .describe('What an item was before it changed.') satisfies z.ZodType<ItemRevision>;

export const revisionsSchema = z
  .object({
    item: itemSchema.describe('The item as it is now, with its content.'),
    revisions: z.array(revisionSchema).describe('Former versions, the newest first; the last ten are kept.'),
  })
  .describe('An item and what it was before.');
