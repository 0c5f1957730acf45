import { classify } from '../../core/classify/index.js';
import type { Evidence } from '../../core/evidence.js';
import type { EncoderArguments } from './encoder-arguments.js';
import { REPEAT_HEADERS } from './hub.js';
import { tryProgram } from './try-program.js';

/** Some hardware refuses small pictures. */
const DEFAULT_SIZE = '1280x720';
/** Enough for every encoder to give out a first packet. */
const TRIAL_SECONDS = '0.5';
/** Combinations that passed; there are as many as captures on this host. */
const PASSED_MAX = 256;

/**
 * Encodes half a second of nothing with the arguments of an ingest, before its device is opened. Only what is sure to fail again counts: what passes, what is
 * busy and what nobody can explain goes on, and the run itself will tell.
 */
export class EncoderTrial {
  readonly #passed = new Set<string>();
  /** Captures that start together ask the same: one trial answers all of them. */
  readonly #underWay = new Map<string, Promise<Evidence | null>>();

  /** Evidence that these arguments are refused, or null. */
  async refusal(ffmpegPath: string, encoder: EncoderArguments, size?: string): Promise<Evidence | null> {
    const argv = trialCommand(ffmpegPath, encoder, size ?? DEFAULT_SIZE);
    const key = JSON.stringify(argv);
    if (this.#passed.has(key)) return null;
    const trial = this.#underWay.get(key) ?? this.#try(argv, key).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, trial);
    return await trial;
  }

  async #try(argv: readonly string[], key: string): Promise<Evidence | null> {
    const result = await tryProgram(argv, '/');
    if (result.kind === 'silent') return null;
    if (result.kind === 'failed') {
      const evidence = { tool: 'ffmpeg', role: 'pipeline', exitCode: 1, text: result.output } as const;
      return classify(evidence).disposition === 'fatal' ? evidence : null;
    }
    if (this.#passed.size >= PASSED_MAX) this.#passed.clear();
    this.#passed.add(key);
    return null;
  }
}

function trialCommand(ffmpegPath: string, encoder: EncoderArguments, size: string): string[] {
  return [
    [ffmpegPath, '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+warning'],
    encoder.before,
    ['-f', 'lavfi', '-i', `nullsrc=size=${size}:rate=30`, '-f', 'lavfi', '-i', 'anullsrc'],
    ['-t', TRIAL_SECONDS, ...encoder.output, ...REPEAT_HEADERS, '-f', 'mpegts', '-y', '/dev/null'],
  ].flat();
}
