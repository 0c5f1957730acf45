import type { FrameWindow } from './frame-window.js';

/** What the clients of one stream share. */
export interface StreamFacts {
  readonly window: FrameWindow;
  /** Polls that have ended. */
  readonly polls: number;
  /** Nothing will be added to the window. */
  readonly over: boolean;
  /** Frames that end a stream whose window has no last word; empty when it has one. */
  readonly farewell: string;
  /** What helps a client on whose next frame is not there and never will be; null when it only has to wait. */
  recover(client: ClientPosition): Recovery | null;
}

export interface ClientPosition {
  /** Place of the last frame that it has seen. */
  readonly cursor: number;
  /** Polls that had ended when it came. */
  readonly cameAtPoll: number;
}

/** Said instead of what is missing, and where it goes on. */
export interface Recovery {
  readonly frame: string;
  readonly cursor: number;
}
