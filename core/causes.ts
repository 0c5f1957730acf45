/**
 * The failure catalogue: every cause a run, a resolve or a fetch can end with, said once.
 * `docs/failures.md` is generated from it and a test keeps the two equal.
 */

/** How a cause is answered: try again, wait for something outside, or give the branch up. */
export type CauseClass = 'transient' | 'waiting' | 'fatal';

/** One row of the catalogue. */
export interface CauseEntry {
  readonly class: CauseClass;
  /** What happened, as a sentence for a person. */
  readonly description: string;
  /** What holdfast does by default. */
  readonly policy: string;
  /** What the user should do. */
  readonly action: string;
}

/** Causes with which a media run (ffmpeg, GStreamer, a resolver) can end. */
export const MEDIA_CAUSES = {
  network_disconnect: {
    class: 'transient',
    description: 'The connection was lost, refused or reset.',
    policy:
      'capture: 3 retries, 5 s apart; stream: 3 quick retries, then up to 120 s, a fresh URL, without limit',
    action: 'Nothing at first. If it stays, check the network path and whether the other side is up.',
  },
  stream_timeout: {
    class: 'transient',
    description: 'The connection or device stayed open but delivered nothing in time.',
    policy: 'as network_disconnect',
    action: 'Check the sender; raise stall_timeout if it pauses on purpose.',
  },
  http_error: {
    class: 'transient',
    description: 'An HTTP request failed or the server answered with an error.',
    policy: 'stream: again after 2 s, without limit; source: 3 attempts in a cycle',
    action: 'Look at the status in the evidence; a lasting 5xx is the other side’s to mend.',
  },
  buffer_underrun: {
    class: 'transient',
    description: 'Samples or frames were lost because a buffer ran over or empty.',
    policy: '3 retries, 1 s apart',
    action: 'Lower the load on the host or enlarge the buffers (thread_queue_size, rtbufsize, ALSA buffer).',
  },
  encoder_hiccup: {
    class: 'transient',
    description: 'The encoder or device was busy or short of memory for a moment.',
    policy: '2 retries, 5 s apart',
    action: 'See which other program holds the device or encoder session; free memory.',
  },
  url_expired: {
    class: 'transient',
    description: 'The media address is no longer accepted.',
    policy: 'a fresh URL at once, then as network_disconnect',
    action: 'Nothing: the address is resolved again by itself.',
  },
  crashed: {
    class: 'transient',
    description: 'The process was killed or crashed.',
    policy: '3 retries, 5 s apart',
    action: 'Look for the out-of-memory killer in the kernel log; update the tool if it crashes by itself.',
  },
  unknown: {
    class: 'transient',
    description: 'The run ended and nothing known explains it.',
    policy: '3 retries, 5 s apart',
    action: 'Read the log tail in `holdfast show`; report it if it should have a cause.',
  },
  signal_lost: {
    class: 'waiting',
    description: 'The input has no video signal.',
    policy: 'stop the pipeline, wait for the signal, restart when it returns if restart_on_signal',
    action: 'Check the cable and that the HDMI source is switched on.',
  },
  not_live: {
    class: 'waiting',
    description: 'There is no live URL: the show is over or has not begun.',
    policy: 'stream: stopped, or waiting_live when watch is true',
    action: 'Set watch: true to record the next show by itself.',
  },
  host_unavailable: {
    class: 'waiting',
    description: 'No worker of the host is polling.',
    policy: 'wait until a worker of that host polls again',
    action: 'Start the worker on that host: holdfast worker --host NAME.',
  },
  storage_full: {
    class: 'fatal',
    description: 'The disk or quota is full.',
    policy: 'stop recording only; streaming goes on; no automatic restart',
    action: 'Free space, then `holdfast retry ID`.',
  },
  read_only_storage: {
    class: 'fatal',
    description: 'The recording path cannot be written any more (read-only or gone).',
    policy: 'stop recording only; streaming goes on; no automatic restart',
    action: 'Remount the disk read-write (look for I/O errors in the kernel log), then `holdfast retry ID`.',
  },
  device_not_found: {
    class: 'fatal',
    description: 'The capture device does not exist.',
    policy: 'stop and notify',
    action: 'Plug the device in or correct its path; `holdfast doctor` lists devices.',
  },
  invalid_pipeline: {
    class: 'fatal',
    description: 'The tool refused its arguments, format or pipeline.',
    policy: 'stop and notify',
    action: 'Correct the named option, element or format in the configuration.',
  },
  encoder_failure: {
    class: 'fatal',
    description: 'The encoder cannot be used on this machine.',
    policy: 'stop and notify',
    action: 'Check driver and hardware, or choose another encoder (libx264 always works).',
  },
  permission_denied: {
    class: 'fatal',
    description: 'The operating system refused access to a file or device.',
    policy: 'stop and notify',
    action: 'Give the holdfast user access (for devices usually the groups video and audio).',
  },
  unauthorized: {
    class: 'fatal',
    description: 'The other side refused the credentials, key or account.',
    policy: 'stop and notify',
    action: 'Check key, password, cookies or the account’s rights.',
  },
  invalid_config: {
    class: 'fatal',
    description: 'The configuration of the instance is not valid.',
    policy: 'the workflow fails at once',
    action: 'Correct the named key; `holdfast check -c FILE` lists every error.',
  },
} as const satisfies Record<string, CauseEntry>;

export type MediaCause = keyof typeof MEDIA_CAUSES;

/** Causes with which an HTTP fetch (or an event stream) can end. */
export const HTTP_CAUSES = {
  network_disconnect: {
    class: 'transient',
    description: 'The connection was refused, reset or cut.',
    policy: 'retried within the cycle',
    action: 'Nothing at first; check the network path if it stays.',
  },
  timeout: {
    class: 'transient',
    description: 'No connection, headers or body in time.',
    policy: 'retried within the cycle',
    action: 'Check whether the server is overloaded; raise the timeout if it is slow by nature.',
  },
  dns_temporary: {
    class: 'transient',
    description: 'The name server could not answer for now.',
    policy: 'retried within the cycle',
    action: 'Check this machine’s DNS.',
  },
  dns_not_found: {
    class: 'transient',
    description: 'The host name does not exist.',
    policy: 'retried within the cycle',
    action: 'Check the spelling of the host and whether the site has moved.',
  },
  rate_limited: {
    class: 'transient',
    description: 'The site asks us to slow down (429).',
    policy: 'deferred as Retry-After says; not a failure',
    action: 'Lengthen the interval.',
  },
  server_error: {
    class: 'transient',
    description: 'The server answered with 5xx.',
    policy: 'retried within the cycle',
    action: 'Wait; it is the other side’s to mend.',
  },
  blocked: {
    class: 'fatal',
    description: 'The site takes us for a bot or refuses this address.',
    policy: 'not retried within the cycle; the breaker decides',
    action: 'Poll less often, identify yourself in the User-Agent, or ask the site.',
  },
  unauthorized: {
    class: 'fatal',
    description: 'Credentials are missing or were refused.',
    policy: 'not retried within the cycle',
    action: 'Check key, token or cookies.',
  },
  not_found: {
    class: 'fatal',
    description: 'The address does not exist (404, 410).',
    policy: 'not retried within the cycle',
    action: 'Correct the address.',
  },
  tls: {
    class: 'fatal',
    description: 'The certificate or TLS handshake was not acceptable.',
    policy: 'not retried within the cycle',
    action: 'Check the certificate, its host name and this machine’s clock.',
  },
  invalid_url: {
    class: 'fatal',
    description: 'The address cannot be used (malformed, unsupported scheme, or not allowed).',
    policy: 'not retried',
    action: 'Correct the address.',
  },
  parse_error: {
    class: 'fatal',
    description: 'The answer is not what was expected (broken feed, HTML in place of a feed, bad JSON).',
    policy: 'not retried within the cycle',
    action: 'Look at the address in a browser; try `holdfast source try URL`.',
  },
  too_large: {
    class: 'fatal',
    description: 'The answer is larger than the limit.',
    policy: 'not retried within the cycle',
    action: 'Raise the limit if the size is right.',
  },
  unsupported_encoding: {
    class: 'fatal',
    description: 'The content encoding or character set is not known.',
    policy: 'not retried within the cycle',
    action: 'Name the character set in the source’s configuration.',
  },
  not_live: {
    class: 'waiting',
    description: 'The event stream or show is not there (any more).',
    policy: 'as the owner of the stream decides',
    action: 'Nothing; start it again when there is something to follow.',
  },
  other: {
    class: 'transient',
    description: 'Nothing known explains the error.',
    policy: 'retried within the cycle',
    action: 'Read the message; report it if it should have a cause.',
  },
} as const satisfies Record<string, CauseEntry>;

export type HttpCause = keyof typeof HTTP_CAUSES;

/** Looks a media cause up. */
export function mediaCause(cause: MediaCause): CauseEntry {
  return MEDIA_CAUSES[cause];
}

/** Looks an HTTP cause up. */
export function httpCause(cause: HttpCause): CauseEntry {
  return HTTP_CAUSES[cause];
}
