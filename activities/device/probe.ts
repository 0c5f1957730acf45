import type { WatchSignalInput } from '../../core/activity-contract.js';
import type { ProbeConfig } from '../../core/config/capture-input.js';
import { probeCommand } from './probe-command.js';
import { probeSysfs } from './probe-sysfs.js';
import { probeV4l2 } from './probe-v4l2.js';
import { unknown, type ProbeContext, type ProbeReading } from './reading.js';

/** A probe that can be asked. */
export type AskableProbe = WatchSignalInput['probe'];

/**
 * Asks a probe once.
 * @throws the reason of `context.signal`, at once when that is aborted; nothing else.
 */
export async function readProbe(probe: AskableProbe, context: ProbeContext): Promise<ProbeReading> {
  switch (probe.kind) {
    case 'v4l2':
      return probe.device === undefined
        ? unknown('the probe names no device')
        : probeV4l2(probe.device, context);
    case 'sysfs':
      return probeSysfs(probe.path, probe.pattern, context);
    case 'command':
      return probeCommand(probe.argv, probe.timeout, context);
  }
}

/** Whether the input has a signal; null when the probe cannot tell, or `context.signal` was aborted before it could. Never throws. */
export async function probeSignal(probe: ProbeConfig, context: ProbeContext): Promise<boolean | null> {
  if (probe.kind === 'none') return null;
  try {
    const { signal } = await readProbe(probe, context);
    return signal === 'unknown' ? null : signal === 'signal';
  } catch (error) {
    if (context.signal.aborted) return null;
    throw error;
  }
}
