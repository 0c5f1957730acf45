import type { StepContext } from '../step-context.js';
import type { DigestItem } from './item.js';
import type { Story } from './group-stories.js';

/** What the steps of a digest hand on to each other. Plain JSON. */
export interface Kept {
  /** What was found, the best matches first. */
  readonly selection: { readonly from: string; readonly to: string; readonly items: readonly DigestItem[] };
  /** Stories that go into the digest, in their order. */
  readonly stories: readonly Story[];
  /** Summaries by the number of the story's first item: what an attempt has made is not made again. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly overview: string;
  /** Attempts in which the endpoint has failed, and whether it is still asked. */
  readonly endpoint: { readonly failures: number; readonly isGivenUp: boolean };
}

export async function keep<Key extends keyof Kept>(
  context: StepContext,
  key: Key,
  value: Kept[Key],
): Promise<void> {
  await context.save(key, value);
}

export async function kept<Key extends keyof Kept>(
  context: StepContext,
  key: Key,
): Promise<Kept[Key] | undefined> {
  return await context.load<Kept[Key]>(key);
}

/** What an earlier step has kept. */
export async function keptBefore<Key extends keyof Kept>(context: StepContext, key: Key): Promise<Kept[Key]> {
  const value = await kept(context, key);
  if (value === undefined) throw new Error(`the step before has not kept its ${key}`);
  return value;
}
