/** What can be asked for. Apart from the schemas, so that a command line which only names them starts quickly. */
export const JOB_KINDS = ['digest', 'finalize', 'clip'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
