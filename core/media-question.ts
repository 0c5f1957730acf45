/** How the host of a media address can be asked cheaply whether it is back. */
export type MediaQuestion =
  | { readonly kind: 'http' }
  /** `defaultPort` is 0 where the address has to name one. */
  | { readonly kind: 'tcp'; readonly defaultPort: number }
  | { readonly kind: 'srt' };

const QUESTIONS: Readonly<Record<string, MediaQuestion>> = {
  http: { kind: 'http' },
  https: { kind: 'http' },
  rtmp: { kind: 'tcp', defaultPort: 1935 },
  rtmps: { kind: 'tcp', defaultPort: 443 },
  rtmpt: { kind: 'tcp', defaultPort: 80 },
  rtsp: { kind: 'tcp', defaultPort: 554 },
  rtsps: { kind: 'tcp', defaultPort: 322 },
  tcp: { kind: 'tcp', defaultPort: 0 },
  srt: { kind: 'srt' },
};

/** Here the source calls us, or both call each other: there is nobody to be asked. */
const SOURCE_CALLS =
  /^(?:srt:[^#]*[?&]mode=(?:listener|rendezvous)\b|tcp:[^#]*[?&]listen(?:=[12])?(?:[&#]|$))/i;

/** Null for an address that nobody answers for: UDP comes without a question, and a file is no host. */
export function questionOf(url: string): MediaQuestion | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return SOURCE_CALLS.test(url) ? null : (QUESTIONS[scheme] ?? null);
}

/** The same for an address as written: one whose beginning is a secret may well be asked, as most can. */
export function mayBeAsked(url: string): boolean {
  return url.startsWith('${env:') || questionOf(url) !== null;
}
