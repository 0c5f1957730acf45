import type { WriteStream } from 'node:tty';

const ENTER = '\u001B[?1049h\u001B[?25l\u001B[2J';
const LEAVE = '\u001B[?25h\u001B[?1049l';
/** Terminals that know it show the whole frame at once; others ignore it. */
const FRAME_BEGIN = '\u001B[?2026h\u001B[H';
const FRAME_END = '\u001B[J\u001B[?2026l';
const CLEAR_REST_OF_LINE = '\u001B[K';

/** Draws frames in place on the terminal's second screen, and gives the first one back untouched. */
export class LiveScreen {
  readonly #terminal: WriteStream;
  #open = false;
  readonly #leave = (): void => this.close();

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
  }

  get width(): number {
    return this.#terminal.columns || 80;
  }

  get height(): number {
    return this.#terminal.rows || 24;
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#terminal.write(ENTER);
    process.once('exit', this.#leave);
  }

  /** Overwrites the last frame line by line, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    const body = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}`).join('\r\n');
    this.#terminal.write(`${FRAME_BEGIN}${body}${FRAME_END}`);
  }

  onResize(redraw: () => void): () => void {
    this.#terminal.on('resize', redraw);
    return () => this.#terminal.off('resize', redraw);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.off('exit', this.#leave);
    this.#terminal.write(LEAVE);
  }
}
