import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../core/search-attributes.js';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD_TYPE = 2;
/** A new attribute is in use when every server process has read it, which takes some seconds on a cluster. */
const VISIBLE_TIMEOUT_MS = 30_000;
const VISIBLE_POLL_MS = 200;
const CALL_TIMEOUT_MS = 10_000;

/** The service does not let its clients change search attributes, as Temporal Cloud does. */
export class SearchAttributesRefusedError extends Error {
  readonly missing: readonly string[];
  constructor(missing: readonly string[], cause: unknown) {
    super(
      `search attributes cannot be created here (${messageOf(cause)}); create these of type Keyword by the means of ` +
        `your Temporal service (on Temporal Cloud: namespace, Search Attributes): ${missing.join(', ')}`,
      { cause },
    );
    this.name = 'SearchAttributesRefusedError';
    this.missing = missing;
  }
}

/** Names of our search attributes that the namespace does not have. */
export async function missingSearchAttributes(client: Client): Promise<readonly string[]> {
  const { namespace } = client.options;
  const listed = await withDeadline(client, () =>
    client.connection.operatorService.listSearchAttributes({ namespace }),
  );
  const present = listed.customAttributes ?? {};
  return Object.values(SEARCH_ATTRIBUTES).filter((name) => present[name] === undefined);
}

/** Creates what is missing and waits until it can be used. Idempotent. Returns the names that were created. */
export async function ensureSearchAttributes(client: Client): Promise<readonly string[]> {
  const missing = await missingSearchAttributes(client);
  if (missing.length === 0) return missing;
  const { namespace } = client.options;
  try {
    await withDeadline(client, () =>
      client.connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD_TYPE])),
      }),
    );
  } catch (error) {
    // Somebody else may have created them a moment ago; then there is nothing left to do.
    const still = await missingSearchAttributes(client);
    if (still.length > 0) throw new SearchAttributesRefusedError(still, error);
  }
  await waitUntilVisible(client);
  return missing;
}

async function waitUntilVisible(client: Client): Promise<void> {
  const deadline = Date.now() + VISIBLE_TIMEOUT_MS;
  for (;;) {
    const missing = await missingSearchAttributes(client);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`the server took the search attributes but does not list them: ${missing.join(', ')}`);
    }
    await sleep(VISIBLE_POLL_MS);
  }
}

function withDeadline<Result>(client: Client, call: () => Promise<Result>): Promise<Result> {
  return client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, call);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
