import { stat } from 'node:fs/promises';
import type { CaptureInputConfig } from '../../core/config/capture-input.js';
import type { Evidence } from '../../core/evidence.js';
import { watchableProbe, type WatchableProbe } from '../../core/signal/watchable-probe.js';
import type { RunWatcher } from '../custody/handler.js';

/** Asks a probe once: true and false are its answer, null says that it could not tell (in time: `abort` ends the asking). */
export type ProbeSignal = (probe: WatchableProbe, abort: AbortSignal) => Promise<boolean | null>;

/** Custody waits no longer than a second for all evidence together. */
const PROBE_TIMEOUT_MS = 700;

/** Follows an ingest. It writes nothing that would have to be closed; when it ends, the device and the probe are asked. */
export class IngestWatcher implements RunWatcher {
  readonly #input: CaptureInputConfig;
  readonly #probeSignal: ProbeSignal;

  constructor(input: CaptureInputConfig, probeSignal: ProbeSignal) {
    this.#input = input;
    this.#probeSignal = probeSignal;
  }

  async tick(): Promise<void> {}

  async collectEvidence(): Promise<Evidence> {
    const [deviceExists, signalPresent] = await Promise.all([this.#deviceExists(), this.#signalPresent()]);
    return {
      tool: this.#input.kind === 'gstreamer' ? 'gstreamer' : 'ffmpeg',
      role: this.#input.kind === 'v4l2' ? 'device' : 'pipeline',
      ...(deviceExists === null ? {} : { deviceExists }),
      ...(signalPresent === null ? {} : { signalPresent }),
    };
  }

  async finalize(): Promise<void> {}

  /** Null when there is no node to look for, or it cannot be told. */
  async #deviceExists(): Promise<boolean | null> {
    const device = deviceOf(this.#input);
    if (device === null || !device.startsWith('/')) return null;
    try {
      await stat(device);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO' ? false : null;
    }
  }

  async #signalPresent(): Promise<boolean | null> {
    const probe = watchableProbe(this.#input);
    if (probe === null) return null;
    try {
      return await answerInTime((abort) => this.#probeSignal(probe, abort));
    } catch {
      return null;
    }
  }
}

function deviceOf(input: CaptureInputConfig): string | null {
  return input.kind === 'v4l2' ? input.device : null;
}

async function answerInTime(ask: (abort: AbortSignal) => Promise<boolean | null>): Promise<boolean | null> {
  const abort = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const silence = new Promise<null>((resolve) => {
    abort.addEventListener('abort', () => resolve(null), { once: true });
  });
  return Promise.race([ask(abort), silence]);
}
