/** A job as its workflow last told it. */
export interface JobsTable {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly created_at: string;
  readonly ended_at: string | null;
  /** Of the newest event; an older state never replaces a newer one. */
  readonly last_offset: number;
  /** JSON of a `JobView`, with its artifacts. */
  readonly view: string;
}

/** The events that are kept of a job, without holes. */
export interface JobEventsTable {
  readonly job: string;
  readonly offset: number;
  readonly time: string;
  /** JSON of a `JobEventBody`. */
  readonly body: string;
}

/** What steps of a living job leave to later ones. */
export interface JobValuesTable {
  readonly job: string;
  readonly name: string;
  /** JSON. */
  readonly value: string;
  readonly saved_at: string;
}
