import type { JobEventBody } from '../../../core/jobs/index.js';
import { canRedraw } from '../follow.js';
import { coloursFor } from '../view/colours.js';
import { renderJobEvent, renderProgress } from '../view/job-progress.js';

const CLEAR_LINE = '\r\u001B[2K';

/** Prints what a job tells: a bar that is drawn in place on a terminal, lines elsewhere. To stderr: stdout is for the result. */
export class ProgressPrinter {
  readonly #terminal = process.stderr;
  readonly #colours = coloursFor(process.stderr, process.env);
  readonly #canRedraw = canRedraw(process.stderr, process.env);
  #bar = '';
  #lastLine = '';

  print(body: JobEventBody): void {
    if (body.type === 'progress') return this.#progress(body);
    const line = renderJobEvent(body, this.#colours);
    if (line === '') return;
    this.#write(line);
  }

  close(): void {
    if (this.#bar !== '') this.#terminal.write('\n');
    this.#bar = '';
  }

  #progress(body: Extract<JobEventBody, { type: 'progress' }>): void {
    const line = renderProgress(body, this.#terminal.columns || 80);
    if (this.#canRedraw) {
      this.#bar = line;
      this.#terminal.write(`${CLEAR_LINE}${line}`);
    } else if (line !== this.#lastLine) {
      this.#lastLine = line;
      this.#terminal.write(`${line}\n`);
    }
  }

  /** Lines go above the bar. */
  #write(line: string): void {
    if (this.#bar === '') this.#terminal.write(`${line}\n`);
    else this.#terminal.write(`${CLEAR_LINE}${line}\n${this.#bar}`);
  }
}
