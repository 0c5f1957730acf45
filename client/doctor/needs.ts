import type { CaptureConfig } from '../../core/config/capture.js';
import type { LocatedConfig } from '../config-file/index.js';

/** What this machine must have for its configuration; without one, only what every use needs. */
export interface Needs {
  /** No other Temporal is named, so `up` starts one. */
  readonly embeddedServer: boolean;
  readonly gstreamer: boolean;
  readonly streamlink: boolean;
  readonly ytDlp: boolean;
  readonly v4l2Control: boolean;
  /** Captures on this machine, and their device nodes. */
  readonly captures: readonly CaptureConfig[];
  readonly devices: readonly string[];
}

/** Reads the needs from a configuration. Captures of other hosts are not this machine's business. */
export function needsOf(config: LocatedConfig | undefined, host: string, embeddedServer: boolean): Needs {
  const resolvers = new Set(config?.streams.map((stream) => stream.resolver.kind));
  const captures = (config?.captures ?? []).filter((capture) => (capture.host ?? host) === host);
  const inputs = captures.map((capture) => capture.input);
  return {
    embeddedServer,
    gstreamer: inputs.some((input) => input.kind === 'gstreamer'),
    streamlink: resolvers.has('streamlink'),
    ytDlp: resolvers.has('yt-dlp'),
    v4l2Control: inputs.some((input) => input.probe.kind === 'v4l2'),
    captures,
    devices: [...new Set(inputs.flatMap((input) => (input.kind === 'v4l2' ? [input.device] : [])))],
  };
}
