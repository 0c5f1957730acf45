import { Client, Connection, type ConnectionOptions as SdkOptions } from '@temporalio/client';
import {
  CONNECT_TIMEOUT_MS,
  TemporalUnreachableError,
  type ConnectionOptions,
} from '../../core/connection-options.js';
import { closableRetries, type ClosableRetries } from './closable-retries.js';

/** A client with its connection; close it when done. */
export interface ConnectedClient {
  readonly client: Client;
  readonly options: ConnectionOptions;
  close(): Promise<void>;
}

/** Connects to the server; throws a `TemporalUnreachableError` with its address after 10 s at most. */
export async function connectClient(options: ConnectionOptions): Promise<ConnectedClient> {
  const retries = closableRetries();
  let connection: Connection;
  try {
    connection = await Connection.connect(sdkOptions(options, retries));
  } catch (error) {
    throw new TemporalUnreachableError(options, error);
  }
  return connected(connection, options, retries);
}

/**
 * A client that connects with its first request and again after each loss, for a process that outlives its server. Requests
 * fail while there is none.
 */
export function connectLazily(options: ConnectionOptions): ConnectedClient {
  const retries = closableRetries();
  return connected(Connection.lazy(sdkOptions(options, retries)), options, retries);
}

function connected(
  connection: Connection,
  options: ConnectionOptions,
  retries: ClosableRetries,
): ConnectedClient {
  return {
    client: new Client({ connection, namespace: options.namespace }),
    options,
    async close() {
      await retries.close();
      await connection.close();
    },
  };
}

function sdkOptions(options: ConnectionOptions, { interceptor }: ClosableRetries): SdkOptions {
  const { address, apiKey, tls, metadata } = options;
  return {
    address,
    connectTimeout: CONNECT_TIMEOUT_MS,
    interceptors: [interceptor],
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}
