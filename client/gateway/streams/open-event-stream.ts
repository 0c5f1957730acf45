import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { RETRY_MS } from '../../follow/wire.js';

/** What keeps proxies and caches from holding a stream back or changing it. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/**
 * Begins an event stream: headers, and the pause after which a client shall come again.
 * @param headers those that every answer carries
 */
export function openEventStream(response: ServerResponse, headers: OutgoingHttpHeaders): void {
  response.writeHead(200, { ...headers, ...EVENT_STREAM_HEADERS });
  // Small events must not wait for more of them, and nothing may end a stream for being quiet.
  response.socket?.setNoDelay(true);
  response.setTimeout(0);
  response.write(`retry: ${RETRY_MS}\n\n`);
}
