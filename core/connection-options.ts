/** TLS material as bytes, so that it can be handed on as plain data. */
export interface ConnectionTls {
  readonly serverNameOverride?: string;
  readonly serverRootCACertificate?: Uint8Array;
  readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
}

/** Everything needed to reach a Temporal service: plain data, the same for clients and workers. */
export interface ConnectionOptions {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: boolean | ConnectionTls;
  /** gRPC headers. Values are secrets: never log them. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Where the address was found, in words for error messages. */
  readonly origin: string;
}

/** How long an attempt to reach the service may take altogether. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** No Temporal service could be reached. */
export class TemporalUnreachableError extends Error {
  readonly address: string;
  readonly origin: string;
  constructor(options: Pick<ConnectionOptions, 'address' | 'origin'>, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`No Temporal server answers at ${options.address} (${options.origin}): ${reason}`, { cause });
    this.name = 'TemporalUnreachableError';
    this.address = options.address;
    this.origin = options.origin;
  }
}
