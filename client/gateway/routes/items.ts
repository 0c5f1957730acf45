import type { z } from 'zod';
import type { ItemQuery } from '../../../store/index.js';
import type { GatewayApp } from '../app.js';
import type { GatewayDeps } from '../deps.js';
import {
  itemPageSchema,
  itemParamsSchema,
  itemQuerySchema,
  itemSchema,
  revisionsSchema,
  type ItemPage,
} from '../items/item-schemas.js';
import { instantOf } from '../instant-of.js';
import { findItem, readWithContent } from '../items/read-items.js';
import { requireKnownSource } from '../known-source.js';
import { problemResponses, RequestProblem } from '../problem.js';

const TAGS = ['items'];

/** What the sources brought: items, and what they were before they changed. */
export function itemRoutes(app: GatewayApp, deps: GatewayDeps): void {
  const { store, nowMs } = deps;
  app.get(
    '/api/items',
    {
      schema: {
        tags: TAGS,
        summary: 'Items of all sources or of one, the newest first',
        querystring: itemQuerySchema,
        response: { 200: itemPageSchema, ...problemResponses(404, 503) },
      },
    },
    async ({ query }): Promise<ItemPage> => {
      if (query.source !== undefined) await requireKnownSource(deps, query.source);
      return await readPage(deps, query.content, itemQuery(query, nowMs()));
    },
  );
  app.get(
    '/api/items/:number',
    {
      schema: {
        tags: TAGS,
        summary: 'An item with its content',
        params: itemParamsSchema,
        response: { 200: itemSchema, ...problemResponses(404, 503) },
      },
    },
    async ({ params: { number } }) => await requireItem(deps, number),
  );
  app.get(
    '/api/items/:number/revisions',
    {
      schema: {
        tags: TAGS,
        summary: 'An item and what it was before it changed',
        params: itemParamsSchema,
        response: { 200: revisionsSchema, ...problemResponses(404, 503) },
      },
    },
    async ({ params: { number } }) => {
      const item = await requireItem(deps, number);
      return { item, revisions: await store.sources.listRevisions(number) };
    },
  );
}

function itemQuery(
  { source, since, until, q, limit, cursor }: z.output<typeof itemQuerySchema>,
  nowMs: number,
): ItemQuery {
  const instant = (key: string, text: string): string =>
    new Date(instantOf(`query.${key}`, text, nowMs)).toISOString();
  return {
    limit,
    ...(source !== undefined && { source }),
    ...(since !== undefined && { since: instant('since', since) }),
    ...(until !== undefined && { until: instant('until', until) }),
    ...(q !== undefined && { contains: q }),
    ...(cursor !== undefined && { before: cursor }),
  };
}

/** One item more than asked for tells whether there is a next page. */
async function readPage(
  { store }: Pick<GatewayDeps, 'store'>,
  withContent: boolean,
  query: ItemQuery,
): Promise<ItemPage> {
  const found = withContent
    ? await readWithContent(store, query)
    : await store.sources.listItems({ ...query, limit: query.limit + 1 });
  const items = found.slice(0, query.limit);
  const last = items.at(-1)?.number;
  if (last === undefined) return { items, next: null };
  const more = withContent
    ? (await store.sources.listItems({ ...query, before: last, limit: 1 })).length > 0
    : found.length > items.length;
  return { items, next: more ? last : null };
}

async function requireItem({ store }: Pick<GatewayDeps, 'store'>, number: number) {
  const item = await findItem(store, number);
  if (item === undefined) throw new RequestProblem('not_found', `the store has no item ${number}`);
  return item;
}
