/** Reads something again and again while the page is looked at, one reading at a time. */
export class Poller {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading = false;
  private again = false;

  /**
   * @param read reads once; what it throws is its own business
   */
  constructor(
    private readonly everyMs: number,
    private readonly read: () => Promise<void>,
  ) {
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.now();
    });
  }

  /** Reads at once, or right after the reading that is under way. */
  now(): void {
    clearTimeout(this.timer);
    if (this.reading) this.again = true;
    else void this.readOnce();
  }

  /** Reads soon: several changes that come together cost one reading. */
  soon(ms = 250): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), ms);
  }

  private async readOnce(): Promise<void> {
    this.reading = true;
    this.again = false;
    try {
      await this.read();
    } catch {
      // The reader shows its own failures.
    }
    this.reading = false;
    if (this.again) return this.now();
    this.timer = setTimeout(() => {
      // Nobody looks: reading goes on when somebody does.
      if (!document.hidden) this.now();
    }, this.everyMs);
  }
}
