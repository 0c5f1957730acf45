import type { OwnerPort, RunStarted, TaskToken } from '../../../activities/custody/owner.js';
import type { RunEnd, RunHeartbeat, RunNews } from '../../../core/run.js';

/** A workflow server in memory whose answers a test decides. */
export class MemoryOwner implements OwnerPort {
  readonly heartbeats: { token: TaskToken; details: RunHeartbeat }[] = [];
  readonly ends: { token: TaskToken; end: RunEnd; atMs: number }[] = [];
  readonly started: RunStarted[] = [];
  readonly news: RunNews[] = [];
  readonly deadTokens = new Set<TaskToken>();
  readonly goneWorkflows = new Set<string>();
  reachable = true;
  ownerQuestions = 0;

  async heartbeat(token: TaskToken, details: RunHeartbeat) {
    this.#assertReachable();
    if (this.deadTokens.has(token)) return 'unknown' as const;
    this.heartbeats.push({ token, details });
    return 'ok' as const;
  }

  async complete(token: TaskToken, end: RunEnd) {
    this.#assertReachable();
    if (this.deadTokens.has(token)) return 'unknown' as const;
    this.deadTokens.add(token);
    this.ends.push({ token, end, atMs: performance.now() });
    return 'ok' as const;
  }

  async ownerIsGone(workflowId: string) {
    this.#assertReachable();
    this.ownerQuestions += 1;
    return this.goneWorkflows.has(workflowId);
  }

  async runStarted(_workflowId: string, started: RunStarted) {
    this.#assertReachable();
    this.started.push(started);
  }

  async runNews(_workflowId: string, news: RunNews) {
    this.#assertReachable();
    this.news.push(news);
  }

  #assertReachable(): void {
    if (!this.reachable) throw new Error('the server is away');
  }
}
