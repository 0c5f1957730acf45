import { z } from 'zod';

/** What a schema knows about its values beyond what zod can say. Used in error messages and in the documentation. */
export interface ConfigFacts {
  /** Completes the sentence "expected ...". */
  readonly allowed?: string;
  /** How a parsed default is written in the file. */
  readonly unit?: 'duration' | 'size';
  /** The value is never printed. */
  readonly secret?: boolean;
}

export const configFacts = z.registry<ConfigFacts>();
