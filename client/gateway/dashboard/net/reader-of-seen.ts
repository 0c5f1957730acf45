import { UNREAD, type Reading } from '../state/model.js';
import { seenOnScreen } from './seen.js';

export interface ReaderOptions<Value> {
  /** Attribute of the elements that show what is read, with the id in it. */
  readonly attribute: string;
  readonly everyMs: (id: string) => number;
  readonly readings: Map<string, Reading<Value>>;
  readonly read: (id: string) => Promise<Value>;
  readonly onRead: () => void;
  /** What was read before is no longer shown. */
  readonly onReplaced?: (value: Value) => void;
}

/** Reads what is on the screen, one after the other: a page with a hundred instances asks for the few that are seen. */
export class ReaderOfSeen<Value> {
  private reading = false;
  private readonly triedAtMs = new Map<string, number>();

  constructor(private readonly options: ReaderOptions<Value>) {}

  /** Call it often: it does nothing while all that is seen is fresh. */
  async look(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      for (const id of seenOnScreen(this.options.attribute)) {
        const age = performance.now() - (this.triedAtMs.get(id) ?? Number.NEGATIVE_INFINITY);
        if (age >= this.options.everyMs(id)) await this.readOne(id);
      }
    } finally {
      this.reading = false;
    }
  }

  /** Everything is read anew, e.g. because another span of time is wanted. */
  forget(): void {
    this.triedAtMs.clear();
  }

  private async readOne(id: string): Promise<void> {
    const { readings, read, onRead, onReplaced } = this.options;
    const before = readings.get(id) ?? UNREAD;
    try {
      const value = await read(id);
      readings.set(id, { value, atMs: Date.now(), problem: null });
      if (before.value !== null) onReplaced?.(before.value);
    } catch (error) {
      readings.set(id, { ...before, problem: (error as Error).message });
    }
    this.triedAtMs.set(id, performance.now());
    onRead();
  }
}
