import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { pino, type Logger } from 'pino';
import { checkConfig, type ConfigInput } from '../../core/config/index.js';
import type { GatewayDeps } from '../../client/gateway/deps.js';
import { startGateway, type RunningGateway } from '../../client/gateway/start.js';
import { createHoldfast } from '../../client/index.js';
import { openStore } from '../../store/index.js';

export interface TinyGatewayOptions {
  readonly client: Client;
  /** Default: any free port of 127.0.0.1. */
  readonly listen?: string;
  readonly token?: string;
  readonly config?: ConfigInput;
  readonly logger?: Logger;
  /** Changes what the routes work with, e.g. a store that fails. */
  readonly change?: ((deps: GatewayDeps) => Partial<GatewayDeps>) | undefined;
}

export interface TinyGateway extends RunningGateway {
  readonly deps: GatewayDeps;
  /** Asks it for a path; JSON where the answer is any. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** Sends a POST with a JSON body, or with none. */
  post(path: string, body?: unknown): Promise<{ status: number; headers: Headers; body: unknown }>;
}

/** A gateway as it is in production, over a client and an empty store of the test. */
export async function startTinyGateway(options: TinyGatewayOptions): Promise<TinyGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-gateway-'));
  const checked = checkConfig(options.config ?? {});
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const store = await openStore(`sqlite:${join(dataDir, 'holdfast.db')}`);
  await store.migrate();
  const deps: GatewayDeps = {
    client: options.client,
    holdfast: createHoldfast({ client: options.client }),
    store,
    config: checked.config,
    dataDir,
    uiUrl: null,
    logger: options.logger ?? pino({ level: 'silent' }),
    sdkMetrics: () => Promise.resolve(null),
    nowMs: Date.now,
  };
  const changed = { ...deps, ...options.change?.(deps) };
  const gateway = await startGateway({
    listen: options.listen ?? '127.0.0.1:0',
    token: options.token ?? null,
    deps: changed,
  });
  const ask: TinyGateway['ask'] = async (path, init) => {
    const response = await fetch(`${gateway.url}${path}`, init);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text,
    };
  };
  return {
    url: gateway.url,
    deps: changed,
    ask,
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    close: async () => {
      await gateway.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
