import * as http from 'node:http';

/** An idle connection is dropped before common servers do so (5 s). */
const IDLE_CONNECTION_MS = 4_000;
/** One reader asks for one thing after another. */
const MAX_CONNECTIONS_PER_HOST = 2;

/** What makes requests of one protocol. TLS is loaded only when it is needed: that halves the start of the reader. */
export async function requesterFor(protocol: string): Promise<typeof http.request> {
  if (protocol !== 'https:') return http.request;
  const { request } = await import('node:https');
  return request;
}

/** Connections that are kept for the next request. */
export class ConnectionPool {
  readonly #agents = new Map<string, http.Agent>();

  async agentFor(protocol: string): Promise<http.Agent> {
    const known = this.#agents.get(protocol);
    if (known !== undefined) return known;
    const { Agent } = protocol === 'https:' ? await import('node:https') : http;
    const agent = new Agent({
      keepAlive: true,
      maxSockets: MAX_CONNECTIONS_PER_HOST,
      timeout: IDLE_CONNECTION_MS,
    });
    this.#agents.set(protocol, agent);
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }
}
