import { questionOf } from '../../../core/media-question.js';
import { probeHttp } from './probe-http.js';
import { probeSrt } from './probe-srt.js';
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

/** How this address can be asked; null when nobody answers for it (UDP, files, sources that call us). */
export function probeFor(url: string): Probe | null {
  const question = questionOf(url);
  switch (question?.kind) {
    case 'http':
      return probeHttp;
    case 'tcp':
      return (target, signal) => probeTcp(target.url, question.defaultPort, signal);
    case 'srt':
      return (target, signal) => probeSrt(target.url, signal);
    case undefined:
      return null;
  }
}
