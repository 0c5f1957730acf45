import type { CycleOutcome } from '../../core/source-health/index.js';
import type { HttpCause } from '../../core/causes.js';
import type { HostileKind, HostileServer } from './hostile-server/index.js';

/** How every cycle of a source has to end. */
export interface Ending {
  readonly outcome: CycleOutcome;
  readonly cause: HttpCause | null;
}

export interface Neighbour extends Ending {
  readonly id: string;
  readonly url: string;
  /** Further keys of its configuration. */
  readonly more: Record<string, unknown>;
}

const failed = (cause: HttpCause): Ending => ({ outcome: 'failed', cause });

/** What each kind of answer has to be called. The second part of an address may hold a query. */
const KINDS: readonly (readonly [HostileKind, string, Ending])[] = [
  ['reset-before-headers', 'x', failed('network_disconnect')],
  ['reset-mid-headers', 'x', failed('network_disconnect')],
  ['reset-mid-body', 'x', failed('network_disconnect')],
  ['close-before-headers', 'x', failed('network_disconnect')],
  ['stall', 'x', failed('timeout')],
  ['stall-mid-body', 'x', failed('timeout')],
  ['drip', 'x', failed('timeout')],
  ['bomb', 'x', failed('too_large')],
  ['endless', 'x', failed('too_large')],
  ['length-too-long', 'x', failed('network_disconnect')],
  ['length-not-a-number', 'x', failed('parse_error')],
  ['announced-too-large', 'x', failed('too_large')],
  ['redirect-loop', '0', failed('invalid_url')],
  ['redirect-circle', 'x', failed('invalid_url')],
  ['html', 'x', failed('parse_error')],
  ['chunk-garbage', 'x', failed('parse_error')],
  ['not-http', 'x', failed('parse_error')],
  ['gzip-cut', 'x', failed('network_disconnect')],
  ['encoding-unknown', 'x', failed('unsupported_encoding')],
  ['challenge', 'x', failed('blocked')],
  ['status', '503', failed('server_error')],
];

/** Limits of the hostile sources: what hangs holds its place for all of this time, in each attempt. */
const LIMITS = { headers_timeout: '4s', total_timeout: '6s' };
const OFTEN = { every: '30s', fetch: LIMITS };

/** Where certificates are not in order. */
export interface TlsServers {
  readonly selfSigned: string;
  readonly expired: string;
  readonly wrongHost: string;
}

/** Hostile sources of every kind, `each` of each. */
export function hostileNeighbours(server: HostileServer, tls: TlsServers, each: number): Neighbour[] {
  const comeAgain = encodeURIComponent(new Date(Date.now() + 3_600_000).toUTCString());
  const inside = encodeURIComponent(server.url('good', 'inside'));
  const ways: readonly Omit<Neighbour, 'id'>[] = [
    ...KINDS.map(([kind, rest, ending]) => ({ url: server.url(kind, rest), more: OFTEN, ...ending })),
    ...Object.values(tls).map((url) => ({ url, more: OFTEN, ...failed('tls') })),
    { url: server.url('heavy'), more: OFTEN, ...failed('parse_error') },
    {
      url: server.url('status', `429?retry-after=${comeAgain}`),
      more: OFTEN,
      outcome: 'deferred',
      cause: null,
    },
    {
      url: server.url('redirect', `x?to=${inside}`),
      more: { ...OFTEN, allow_private: false },
      ...failed('invalid_url'),
    },
  ];
  return ways.flatMap((way, kind) =>
    Array.from({ length: each }, (_, index) => ({ id: `hostile-${kind}-${index}`, ...way })),
  );
}
