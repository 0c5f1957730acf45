import { Client, Connection, type ConnectionOptions as SdkOptions } from '@temporalio/client';
import {
  CONNECT_TIMEOUT_MS,
  TemporalUnreachableError,
  type ConnectionOptions,
} from '../../core/connection-options.js';

/** A client with its connection; close it when done. */
export interface ConnectedClient {
  readonly client: Client;
  readonly options: ConnectionOptions;
  close(): Promise<void>;
}

/** Connects to the server; throws a `TemporalUnreachableError` with its address after 10 s at most. */
export async function connectClient(options: ConnectionOptions): Promise<ConnectedClient> {
  let connection: Connection;
  try {
    connection = await Connection.connect(sdkOptions(options));
  } catch (error) {
    throw new TemporalUnreachableError(options, error);
  }
  return {
    client: new Client({ connection, namespace: options.namespace }),
    options,
    close: () => connection.close(),
  };
}

function sdkOptions(options: ConnectionOptions): SdkOptions {
  const { address, apiKey, tls, metadata } = options;
  return {
    address,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}
