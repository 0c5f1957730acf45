import { tmpdir } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { Agent, request, type Dispatcher } from 'undici';
import type { GatewayDeps } from '../../client/gateway/deps.js';
import { buildApp } from '../../client/gateway/app.js';
import { createHoldfast } from '../../client/library/holdfast.js';
import { configSchema, type ConfigInput } from '../../core/config/index.js';
import type { Store } from '../../store/index.js';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly text: string;
  readonly json: () => unknown;
}

/** A gateway that listens, with the store of a test. */
export interface ServedGateway {
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  head(path: string): Promise<Answer>;
}

export interface GatewayParts extends Partial<Omit<GatewayDeps, 'config' | 'store'>> {
  readonly store: Store;
  readonly config?: ConfigInput;
  readonly token?: string;
}

/** Serves on a free port while `use` runs. Without a client of the test there is no Temporal server behind it. */
export async function withGateway(
  { config, token, ...parts }: GatewayParts,
  use: (gateway: ServedGateway) => Promise<void>,
): Promise<void> {
  // Without the retries of the client, which would go on after the test.
  const nowhere = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
  const client = parts.client ?? new Client({ connection: nowhere });
  const deps: GatewayDeps = {
    client,
    holdfast: createHoldfast({ client }),
    config: configSchema.parse(config ?? {}),
    dataDir: tmpdir(),
    uiUrl: null,
    logger: pino({ level: 'silent' }),
    sdkMetrics: () => Promise.resolve(null),
    nowMs: () => Date.now(),
    ...parts,
  };
  const app = await buildApp(deps, { token: token ?? null, listenHost: '127.0.0.1' });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const dispatcher = new Agent();
  const ask = async (method: 'GET' | 'HEAD', path: string, headers = {}): Promise<Answer> => {
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(`${url}${path}`, { method, headers, dispatcher });
    const text = await body.text();
    return { status: statusCode, headers: answered, text, json: () => JSON.parse(text) as unknown };
  };
  try {
    await use({ url, get: (path, headers) => ask('GET', path, headers), head: (path) => ask('HEAD', path) });
  } finally {
    await dispatcher.close();
    await app.close();
    await nowhere.close();
  }
}
