import type { ReportEntry, StepProgress } from '../../core/jobs/index.js';

/** Progress is told when it has changed by so much, ... */
const NEWS_PERCENT = 1;
/** ... or when it was not told for so long: rate and time left grow old. */
const NEWS_AFTER_MS = 30_000;
/** Lines that a step may log in one attempt. */
const LINES_MAX = 200;
const LINE_LENGTH_MAX = 2_000;
/** Generated text of one event. */
const TEXT_LENGTH_MAX = 16_000;
/** Waiting for a server that is away; the oldest make room. */
const ENTRIES_MAX = 400;

/** What a step wants to tell and was not sent yet. Bounded; progress that says nothing new is left out. */
export class ReportQueue {
  #entries: ReportEntry[] = [];
  #lines = 0;
  #told: { readonly percent: number | null; readonly atMs: number } | null = null;
  #isDropped = false;

  get isDropped(): boolean {
    return this.#isDropped;
  }

  add(entry: ReportEntry, nowMs: number): void {
    if (this.#isDropped) return;
    if (entry.type === 'progress') this.#addProgress(entry, nowMs);
    else if (entry.type === 'log') this.#addLine(entry);
    else this.#push(entry);
  }

  /** Everything that waits; the queue is empty then. */
  take(): readonly ReportEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  /** Nothing more will be sent. */
  drop(): void {
    this.#isDropped = true;
    this.#entries = [];
  }

  #addProgress(entry: { readonly type: 'progress' } & StepProgress, nowMs: number): void {
    const last = this.#entries.at(-1);
    if (last?.type === 'progress') {
      const text = `${last.text ?? ''}${entry.text ?? ''}`;
      if (text.length <= TEXT_LENGTH_MAX) {
        this.#entries[this.#entries.length - 1] = text === '' ? entry : { ...entry, text };
        return;
      }
    } else if (!this.#isNews(entry, nowMs)) return;
    this.#told = { percent: entry.percent, atMs: nowMs };
    this.#push(entry.text === undefined ? entry : { ...entry, text: entry.text.slice(0, TEXT_LENGTH_MAX) });
  }

  #isNews({ percent, text }: StepProgress, nowMs: number): boolean {
    const told = this.#told;
    if (told === null || (text ?? '') !== '' || nowMs - told.atMs >= NEWS_AFTER_MS) return true;
    if (percent === null || told.percent === null) return percent !== told.percent;
    return Math.abs(percent - told.percent) >= NEWS_PERCENT || (percent >= 100 && told.percent < 100);
  }

  #addLine(entry: Extract<ReportEntry, { type: 'log' }>): void {
    this.#lines += 1;
    if (this.#lines > LINES_MAX) return;
    const message =
      this.#lines === LINES_MAX
        ? 'this step has more to say; further lines are left out'
        : entry.message.slice(0, LINE_LENGTH_MAX);
    this.#push({ ...entry, message });
  }

  #push(entry: ReportEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
  }
}
