import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * How one request goes wrong.
 * - `rst`: the connection is reset before an answer.
 * - `mid-header`: closed in the middle of the header.
 * - `fin-body`: closed in the middle of an announced body.
 * - `rst-body`: reset in the middle of an announced body.
 * - `http-<status>`: answered with that status.
 */
export type FaultKind = 'rst' | 'mid-header' | 'fin-body' | 'rst-body' | `http-${number}`;

export interface FaultOptions {
  /** How many requests. Default 1. */
  readonly count?: number;
  /** Only requests for a path like this. */
  readonly path?: RegExp;
}

interface PlannedFault {
  readonly kind: FaultKind;
  readonly path: RegExp | undefined;
  remaining: number;
}

/** Faults that wait for requests. */
export class FaultPlan {
  readonly #planned: PlannedFault[] = [];

  add(kind: FaultKind, options: FaultOptions): void {
    this.#planned.push({ kind, path: options.path, remaining: options.count ?? 1 });
  }

  /** The fault planned for a request, used up by asking. */
  take(pathname: string): FaultKind | null {
    const fault = this.#planned.find(
      ({ remaining, path }) => remaining > 0 && (path === undefined || path.test(pathname)),
    );
    if (fault === undefined) return null;
    fault.remaining -= 1;
    return fault.kind;
  }
}

const ANNOUNCED_BYTES = 1_000_000;
const SENT_BYTES = 20_000;

/** Answers a request the wrong way. */
export function commitFault(kind: FaultKind, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (kind === 'rst') {
    socket.resetAndDestroy();
  } else if (kind === 'mid-header') {
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: vid');
  } else if (kind === 'fin-body' || kind === 'rst-body') {
    response.writeHead(200, { 'Content-Type': 'video/mp2t', 'Content-Length': ANNOUNCED_BYTES });
    response.write(Buffer.alloc(SENT_BYTES), () => {
      if (kind === 'fin-body') socket.end();
      else socket.resetAndDestroy();
    });
  } else {
    response.writeHead(Number(kind.slice('http-'.length)), { Connection: 'close' }).end();
  }
}
