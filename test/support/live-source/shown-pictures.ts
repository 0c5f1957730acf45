/** When each picture of a show left its encoder: on a busy machine that is later than its number says. */
export class ShownPictures {
  readonly #shownAtMs: number[] = [];

  /** The next so many pictures are shown now. */
  add(count: number, nowMs: number): void {
    for (let picture = 0; picture < count; picture += 1) this.#shownAtMs.push(nowMs);
  }

  /** Number of the newest picture that had been shown by then; -1 before the first. */
  at(timeMs: number): number {
    let low = 0;
    let high = this.#shownAtMs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shownAtMs[middle] as number) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
