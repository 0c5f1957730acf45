import type { StatusVerdict } from './status.js';

/** What the status of a gRPC call means; `UNKNOWN` means nothing and `OK` is no error. */
const BY_GRPC_STATUS: Readonly<Record<string, StatusVerdict>> = {
  CANCELLED: { cause: 'other', disposition: 'transient' },
  INVALIDARGUMENT: { cause: 'other', disposition: 'fatal' },
  DEADLINEEXCEEDED: { cause: 'timeout' },
  NOTFOUND: { cause: 'not_found' },
  ALREADYEXISTS: { cause: 'other', disposition: 'fatal' },
  PERMISSIONDENIED: { cause: 'unauthorized' },
  RESOURCEEXHAUSTED: { cause: 'rate_limited' },
  FAILEDPRECONDITION: { cause: 'other', disposition: 'fatal' },
  ABORTED: { cause: 'other', disposition: 'transient' },
  OUTOFRANGE: { cause: 'other', disposition: 'fatal' },
  UNIMPLEMENTED: { cause: 'other', disposition: 'fatal' },
  INTERNAL: { cause: 'server_error' },
  UNAVAILABLE: { cause: 'network_disconnect' },
  DATALOSS: { cause: 'server_error' },
  UNAUTHENTICATED: { cause: 'unauthorized' },
};

/** Ways in which clients write the status: Go, Rust, Python, Java and Ruby, Node. Capitals and underscores differ. */
const STATUS_WRITTEN: readonly RegExp[] = [
  /code ?= ?(\w{2,20}) desc ?=/i,
  /status: (\w{2,20}), message:|Status \{ code: (\w{2,20}),/i,
  /StatusCode\.([A-Z_]{2,20})/i,
  /Status(?:Runtime)?Exception: ([A-Z_]{2,20})\b/,
  /GRPC::(\w{2,20}):/,
  /\b\d{1,2} ([A-Z_]{4,20}):/,
  /\b(ResourceExhausted|DeadlineExceeded|PermissionDenied|FailedPrecondition|Unauthenticated|Unavailable|AlreadyExists|InvalidArgument):/,
];

/** The verdict over the gRPC status that a message speaks of, or null when there is none. */
export function causeOfGrpcStatus(message: string): StatusVerdict | null {
  for (const pattern of STATUS_WRITTEN) {
    const found = pattern.exec(message);
    const name = (found?.[1] ?? found?.[2] ?? '').replaceAll('_', '').toUpperCase();
    const verdict = BY_GRPC_STATUS[name === 'CANCELED' ? 'CANCELLED' : name];
    if (verdict !== undefined) {
      return verdict;
    }
  }
  return null;
}
