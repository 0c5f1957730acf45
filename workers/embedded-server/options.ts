import type { Logger } from 'pino';
import type { ServerExit } from './server-process.js';

/** How to run the embedded Temporal server. */
export interface EmbeddedServerOptions {
  /** Holds `temporal/` (database, log, locks) and `server.json`. */
  readonly dataDir: string;
  /** gRPC port; 0 is any free one. Default: 7233. When it is taken, a free one is used and a warning logged. */
  readonly port?: number;
  /** Port of the Web UI, in the same way; null runs without it. Default: 8233. */
  readonly uiPort?: number | null;
  /** Default: `default`. */
  readonly namespace?: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** The Temporal CLI. Absent: looked for on the PATH and in the cache. */
  readonly temporalPath?: string;
  /** Told when the server has died unasked; it is started again without help. */
  readonly onExit?: (exit: ServerExit) => void;
}

/** A Temporal server that is looked after. */
export interface EmbeddedServer {
  /** `host:port` of the gRPC frontend; it stays the same over restarts. */
  readonly address: string;
  readonly uiUrl: string | null;
  readonly namespace: string;
  /** True when an earlier process had left the server running. */
  readonly adopted: boolean;
  /** Process id of the server as it is now. */
  pid(): number;
  /** Ends the server in order and waits for it. Idempotent. */
  stop(): Promise<void>;
}
