import { Agent, fetch as undiciFetch } from 'undici';
import { followJob, type FollowedEvent } from '../../client/follow/index.js';

/** When a client got an event. */
interface Arrival {
  readonly event: FollowedEvent;
  readonly atMs: number;
}

/** How long the events of a job took from its workflow to the last of its clients. */
export interface Delays {
  readonly events: number;
  /** Of each event that came while all were listening. */
  readonly toLastMs: readonly number[];
  /** From the end of the job to the client that got it last. */
  readonly endToLastMs: number;
}

/** Clients of jobs, each on a connection of its own. */
export class Audience {
  readonly #agent = new Agent();
  readonly #clients: Promise<readonly Arrival[]>[] = [];
  #joinedAtMs = 0;

  /** Adds so many clients of a job. */
  follow(job: string, clients: number): void {
    for (let count = 0; count < clients; count += 1) this.#clients.push(this.#listen(job));
  }

  /** Waits until each has the end of its job; throws when one has missed something. */
  async untilEnd(): Promise<Delays> {
    const arrivals = await Promise.all(this.#clients);
    await this.#agent.close();
    for (const seen of arrivals) assertWhole(seen);
    const lastMs = new Map<number, { readonly toldAtMs: number; atMs: number }>();
    for (const { event, atMs } of arrivals.flat().filter(inLog)) {
      const offset = event.offset ?? 0;
      const known = lastMs.get(offset) ?? { toldAtMs: Date.parse(event.time), atMs };
      known.atMs = Math.max(known.atMs, atMs);
      lastMs.set(offset, known);
    }
    const heard = [...lastMs.values()].filter(({ toldAtMs }) => toldAtMs >= this.#joinedAtMs);
    const toLastMs = heard.map(({ toldAtMs, atMs }) => atMs - toldAtMs);
    return { events: lastMs.size, toLastMs, endToLastMs: toLastMs.at(-1) ?? Number.NaN };
  }

  async #listen(job: string): Promise<readonly Arrival[]> {
    const seen: Arrival[] = [];
    for await (const event of followJob(job, { fetch: this.#fetch })) {
      const atMs = Date.now();
      if (seen.length === 0) this.#joinedAtMs = Math.max(this.#joinedAtMs, atMs);
      seen.push({ event, atMs });
    }
    return seen;
  }

  /** The usual `fetch`, with connections that end with the audience. */
  readonly #fetch = ((input: string, init: RequestInit) =>
    undiciFetch(input, { ...(init as object), dispatcher: this.#agent })) as unknown as typeof fetch;
}

/** What is told beside the log, e.g. that a poll failed, has no offset. */
function inLog({ event }: Arrival): boolean {
  return event.offset !== null;
}

function assertWhole(seen: readonly Arrival[]): void {
  const offsets = seen.filter(inLog).map(({ event }) => event.offset);
  const isWhole = offsets.every((offset, index) => offset === index + 1);
  const last = seen.at(-1)?.event;
  if (isWhole && last?.type === 'done' && last.status === 'completed') return;
  throw new Error(`a client saw ${offsets.join(', ')} and ${JSON.stringify(last)} as the last`);
}
