import type { CaptureInputConfig, ProbeConfig } from '../config/capture-input.js';

/** A probe that can be asked. */
export type WatchableProbe = Exclude<ProbeConfig, { kind: 'none' }>;

/** The probe of an input, or null when it has none; a `v4l2` probe without a device asks that of the input. */
export function watchableProbe(input: CaptureInputConfig): WatchableProbe | null {
  const { probe } = input;
  if (probe.kind === 'none') return null;
  if (probe.kind !== 'v4l2' || input.kind !== 'v4l2') return probe;
  return { ...probe, device: probe.device ?? input.device };
}
