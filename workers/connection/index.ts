import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { isLoopbackHost, splitListen } from '../../core/config/loopback.js';
import {
  CONNECT_TIMEOUT_MS,
  TemporalUnreachableError,
  type ConnectionOptions,
} from '../../core/connection-options.js';

/** Connects the native part of the SDK; throws a `TemporalUnreachableError` with the address after 10 s at most. */
export async function connectNative(options: ConnectionOptions): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(sdkOptions(options));
  const timer = new AbortController();
  try {
    return await Promise.race([connecting, failAfter(CONNECT_TIMEOUT_MS, timer.signal)]);
  } catch (error) {
    // A connection that comes up too late is closed again: nobody would ever use it.
    connecting.then((late) => late.close()).catch(() => undefined);
    throw new TemporalUnreachableError(options, error);
  } finally {
    timer.abort();
  }
}

async function failAfter(timeoutMs: number, signal: AbortSignal): Promise<never> {
  await sleep(timeoutMs, undefined, { signal }).catch(() => undefined);
  throw new Error(`no answer within ${timeoutMs} ms`);
}

function sdkOptions(options: ConnectionOptions): NativeConnectionOptions {
  const { address, apiKey, tls, metadata } = options;
  return {
    address,
    // On this machine there is no line to spare, and packing costs CPU on both sides.
    grpcCompression: { codec: isLoopbackHost(splitListen(address).host) ? 'none' : 'gzip' },
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}
