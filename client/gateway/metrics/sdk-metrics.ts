import { Agent, request } from 'undici';

/** The SDK answers from memory, on this machine. */
const TIMEOUT_MS = 1_000;
/** Far beyond what all workers of one process tell. */
const TEXT_BYTES_MAX = 8 * 2 ** 20;

/**
 * Reads the metrics of the Temporal SDK of this process.
 * @param address `host:port`, asked at each reading; null while the SDK gives none
 * @returns Prometheus text, or null; rejects when the SDK does not answer
 */
export function createSdkMetricsReader(address: () => string | null): () => Promise<string | null> {
  return async () => {
    const from = address();
    if (from === null) return null;
    const agent = new Agent({ maxResponseSize: TEXT_BYTES_MAX, connect: { timeout: TIMEOUT_MS } });
    try {
      const { statusCode, body } = await request(`http://${from}/metrics`, {
        dispatcher: agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`the metrics of the SDK answer ${statusCode}`);
      return text;
    } finally {
      await agent.destroy();
    }
  };
}
