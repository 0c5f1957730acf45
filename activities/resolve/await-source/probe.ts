import { probeHttp } from './probe-http.js';
import { probeTcp } from './probe-tcp.js';

/** What one question to a media host gave. */
export interface ProbeAnswer {
  readonly answered: boolean;
  /** One line for a person. */
  readonly detail: string;
}

/** Media, ready to be asked: secrets expanded. */
export interface ProbeTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'hls' | 'flv' | 'mpegts' | 'auto';
}

export type Probe = (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeAnswer>;

/** Protocols over TCP, with their usual ports. */
const TCP_PORTS: Readonly<Record<string, number>> = {
  'rtmp:': 1935,
  'rtmps:': 443,
  'rtmpt:': 80,
  'rtsp:': 554,
  'rtsps:': 322,
  'tcp:': 0,
};

/** How this address can be asked; null for protocols that cannot be asked cheaply (SRT, UDP, files). */
export function probeFor(url: string): Probe | null {
  const protocol = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0].toLowerCase() ?? '';
  if (protocol === 'http:' || protocol === 'https:') return probeHttp;
  const defaultPort = TCP_PORTS[protocol];
  if (defaultPort === undefined) return null;
  return (target, signal) => probeTcp(target.url, defaultPort, signal);
}
