import { stampOf } from '../../../core/manifest/index.js';

/** The name of an artifact may have 128 characters; this leaves room for what comes behind it. */
const NAME_LENGTH_MAX = 90;

export interface FileNameFacts {
  /** `kind/name` of the instance. */
  readonly recording: string;
  readonly startMs: number;
  /** Of `count` files, from 0. */
  readonly index: number;
  readonly count: number;
}

/** `alice-20260131T120000Z.mp4`; with `-1`, `-2` where one file cannot hold it all. */
export function fileName({ recording, startMs, index, count }: FileNameFacts): string {
  const name = recording.slice(recording.indexOf('/') + 1).slice(0, NAME_LENGTH_MAX);
  const number = count === 1 ? '' : `-${index + 1}`;
  return `${name}-${stampOf(startMs)}${number}.mp4`;
}
