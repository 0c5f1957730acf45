import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Command, Option } from '@commander-js/extra-typings';
import {
  explainEntry,
  explainHttp,
  explainMedia,
  reportOf,
  type ExplainReport,
} from '../../../core/classify/index.js';
import { UsageError } from '../errors.js';
import { coloursFor } from '../view/colours.js';

/** Programs whose output is known; the name settles what a line is about that does not say it. */
const TOOLS = ['ffmpeg', 'gstreamer', 'streamlink', 'yt-dlp', 'v4l2', 'alsa', 'srt', 'obs', 'other'] as const;

/** Only the end of a log is examined, so no more of it is kept. */
const KEPT_INPUT_CHARACTERS = 1_048_576;
/** A file in which nothing is right would otherwise be repeated on the terminal. */
const REPORTED_PROBLEMS_MAX = 20;

/** Where the command reads and writes: the process, or a test. */
export interface ExplainStreams {
  readonly input: Readable;
  readonly write: (text: string) => void;
}

interface ExplainOptions {
  readonly tool?: string | undefined;
  readonly http?: true | undefined;
  readonly json?: true | undefined;
}

/** Says what a log tail, an error value, or each line of a JSONL file means. */
export function explainCommand(streams?: ExplainStreams) {
  return new Command('explain')
    .description(
      'say why a run ended: cause, what happens by default and what to do (reads a log tail on stdin)',
    )
    .addOption(new Option('--tool <tool>', 'the program that printed the text').choices(TOOLS))
    .option('--jsonl <file>', 'classify the text or error of each line of a JSONL file (- for stdin)')
    .option('--http', 'the input is the error of an HTTP fetch, as JSON or as plain text')
    .option('--json', 'print one JSON document')
    .action(({ jsonl, ...options }) => {
      const open = streams ?? processStreams();
      return jsonl === undefined ? explainInput(options, open) : explainFile(jsonl, options, open);
    });
}

function processStreams(): ExplainStreams {
  return { input: process.stdin, write: (text) => void process.stdout.write(text) };
}

async function explainInput(options: ExplainOptions, streams: ExplainStreams): Promise<void> {
  const text = await readTail(streams.input);
  if (text.trim() === '') {
    throw new UsageError('nothing to explain: pipe the end of a log into `holdfast explain`');
  }
  const report =
    options.http === true
      ? reportOf(explainHttp(parsedOrText(text)), 'http')
      : reportOf(explainMedia({ text, tool: options.tool }), 'media');
  streams.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : render(report));
}

async function readTail(input: Readable): Promise<string> {
  let tail = '';
  for await (const chunk of input.setEncoding('utf8')) {
    tail = (tail + String(chunk)).slice(-KEPT_INPUT_CHARACTERS);
  }
  return tail;
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function render(report: ExplainReport): string {
  const colours = coloursFor(process.stdout, process.env);
  const rows = [
    ['cause', `${colours.bold(report.cause)} (${report.class})`],
    ['meaning', report.description],
    ['by default', report.policy],
    ['to do', report.action],
    ['because', report.detail],
  ] as const;
  return rows
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${colours.dim(`${label}:`.padEnd(12))}${value}\n`)
    .join('');
}

/** Explains every line that can be explained; the others are named with their numbers at the end. */
async function explainFile(file: string, options: ExplainOptions, streams: ExplainStreams): Promise<void> {
  const input = file === '-' ? streams.input : createReadStream(file, 'utf8');
  const problems: string[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      const result = explainEntry(line, { http: options.http === true, tool: options.tool });
      if (result.ok) streams.write(`${JSON.stringify(result.entry)}\n`);
      else problems.push(`${file}, line ${number}: ${result.problem}`);
    }
  } catch (cause) {
    throw new UsageError(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (problems.length > 0) throw new UsageError(summaryOf(problems));
}

function summaryOf(problems: readonly string[]): string {
  const shown = problems.slice(0, REPORTED_PROBLEMS_MAX);
  const hidden = problems.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join('\n');
}
