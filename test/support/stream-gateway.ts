import fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AddressInfo } from 'node:net';
import { pino, type Logger } from 'pino';
import { answerProblems } from '../../client/gateway/answer-problems.js';
import type { GatewayApp } from '../../client/gateway/app.js';
import { checkRequest } from '../../client/gateway/check-request.js';
import { JobHub, type JobHubOptions } from '../../client/gateway/jobs/job-hub.js';
import { jobStreamRoute } from '../../client/gateway/routes/job-stream.js';
import type { JobEvent, JobEventBody, JobState } from '../../core/jobs/events.js';
import { isJobOver } from '../../core/jobs/events.js';
import type { JobView } from '../../core/jobs/view.js';
import type { JobPlace, JobReading, JobSource } from '../../client/library/jobs.js';

/** A job in memory that tests drive by hand, with places that can be taken away. */
export class PlayedJob implements JobSource {
  readonly reads: JobPlace[] = [];
  readonly away = new Map<JobPlace, Error>();
  readonly unknownTo = new Set<JobPlace>();
  /** The mirror knows events up to here only. */
  mirroredTo = Infinity;
  events: JobEvent[] = [];
  status: JobState = 'running';
  private lastOffset = 0;

  constructor(readonly id = 'job/played') {}

  /** Adds an event to the log. */
  say(body: JobEventBody): this {
    this.lastOffset += 1;
    this.events.push({ offset: this.lastOffset, time: new Date().toISOString(), body });
    return this;
  }

  progress(count: number): this {
    for (let index = 0; index < count; index += 1) this.say(progressBody(this.lastOffset));
    return this;
  }

  finish(status: JobState = 'completed'): this {
    this.status = status;
    return this.say({ type: 'status', status, message: status }).say({
      type: 'done',
      status,
      message: status,
    });
  }

  /** The log forgets all before an offset. */
  forgetBefore(offset: number): this {
    this.events = this.events.filter((event) => event.offset >= offset);
    return this;
  }

  view(lastOffset = this.lastOffset): JobView {
    const time = '2030-01-01T00:00:00.000Z';
    return {
      id: this.id,
      kind: 'digest',
      status: lastOffset === this.lastOffset ? this.status : 'running',
      params: {},
      createdAt: time,
      startedAt: time,
      endedAt: isJobOver(this.status) ? time : null,
      progress: null,
      artifacts: [],
      error: null,
      firstOffset: this.events[0]?.offset ?? 0,
      lastOffset,
    };
  }

  async read(id: string, afterOffset: number, prefer: JobPlace): Promise<JobReading | null> {
    await Promise.resolve();
    this.reads.push(prefer);
    const error = this.away.get(prefer);
    if (error !== undefined) throw error;
    if (id !== this.id || this.unknownTo.has(prefer)) return null;
    const to = prefer === 'store' ? Math.min(this.mirroredTo, this.lastOffset) : this.lastOffset;
    const events = this.events.filter(({ offset }) => offset > afterOffset && offset <= to);
    return { view: this.view(to), events: events.slice(0, 500), from: prefer };
  }
}

export function progressBody(done: number): JobEventBody {
  return {
    type: 'progress',
    percent: null,
    step: 'play',
    done,
    total: null,
    unit: null,
    rate: null,
    remainingMs: null,
  };
}

export interface StreamGateway {
  readonly url: string;
  readonly port: number;
  readonly app: GatewayApp;
  readonly hub: JobHub;
  /** What was logged, one object a line. */
  readonly lines: Record<string, unknown>[];
  close(): Promise<void>;
}

/** A gateway with nothing but job streams (and what `addRoutes` adds), on a port of its own. */
export async function startStreamGateway(
  source: JobSource,
  options: Partial<JobHubOptions> & {
    readonly port?: number;
    readonly addRoutes?: (app: GatewayApp) => void;
  } = {},
): Promise<StreamGateway> {
  const lines: Record<string, unknown>[] = [];
  const logger: Logger = pino(
    {},
    { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const app = fastify({
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>() as unknown as GatewayApp;
  app.setValidatorCompiler(checkRequest).setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  const hub = new JobHub({ source, logger, nowMs: Date.now }, options);
  app.addHook('preClose', async () => Promise.resolve(hub.close()));
  jobStreamRoute(app, hub);
  options.addRoutes?.(app);
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, app, hub, lines, close: () => app.close() };
}

/** The route by which clients ask for a job outside of its stream. */
export function playedJobRoute(job: PlayedJob): (app: GatewayApp) => void {
  return (app) => {
    app.get('/api/jobs/:id', (_request, reply) => reply.send(JSON.stringify(job.view())));
  };
}
