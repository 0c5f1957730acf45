import type { KeptPicture } from './picture-file.js';

/** Something that pictures are taken of. */
export interface Sight {
  /** True when a picture that was taken before shows what there is to see now. */
  isShownBy(kept: KeptPicture): boolean;
  /** Takes one, or says why it cannot. Ends within 8 s. */
  take(): Promise<({ readonly kind: 'picture' } & KeptPicture) | NothingSeen>;
}

export interface NothingSeen {
  readonly kind: 'none';
  /** Completes "no picture of stream/alice: ". */
  readonly detail: string;
}
