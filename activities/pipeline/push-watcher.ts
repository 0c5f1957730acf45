import type { Evidence } from '../../core/evidence.js';
import type { HubAddress } from '../../core/hub.js';
import type { RunPaths, RunWatcher } from '../custody/handler.js';
import { ContinuityCounter } from './continuity.js';
import { callHub } from './hub-call.js';

/** Follows a push: counts what the hub has lost on the way to it. Its end is explained by what ffmpeg says of the other side. */
export class PushWatcher implements RunWatcher {
  readonly #continuity: ContinuityCounter;

  readonly #hub: HubAddress;

  constructor(paths: RunPaths, hub: HubAddress) {
    this.#continuity = new ContinuityCounter(paths);
    this.#hub = hub;
  }

  wake(): void {
    callHub(this.#hub);
  }

  async tick(): Promise<void> {
    this.#continuity.read();
  }

  continuityErrors(): number {
    return this.#continuity.errors;
  }

  async collectEvidence(): Promise<Evidence> {
    this.#continuity.read();
    return { tool: 'ffmpeg', role: 'output' };
  }

  async finalize(): Promise<void> {
    this.#continuity.read();
  }
}
