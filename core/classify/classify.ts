import type { Evidence } from '../evidence.js';
import { crashedByItself, killedFromOutside, plainExit } from './exit.js';
import {
  device,
  endOfShow,
  endOfTransfer,
  known,
  mediaStatus,
  ownStop,
  readerError,
  spawnError,
  stall,
  storage,
  type FactStep,
} from './facts.js';
import { classifyMediaText, type MediaTextVerdict } from './media-text.js';
import { STRENGTH, type Classification } from './types.js';

/** Facts that outrank everything printed, strongest first. */
const FACTS_BEFORE_TEXT: readonly FactStep[] = [ownStop, endOfShow, storage, spawnError, device, stall];

/** Facts of our own reader. They come after storage in the text: a reader whose consumer died of a full disk sees a broken pipe. */
const READER_FACTS: readonly FactStep[] = [mediaStatus, readerError, endOfTransfer];

function firstOf(steps: readonly FactStep[], evidence: Evidence): Classification | null {
  for (const step of steps) {
    const verdict = step(evidence);
    if (verdict !== null) {
      return verdict;
    }
  }
  return null;
}

function isAboutStorage({ cause }: Classification): boolean {
  return cause === 'storage_full' || cause === 'read_only_storage';
}

/** On a media address a refusal means that the address has expired; elsewhere it is about us. */
function asMediaAddress(text: MediaTextVerdict, evidence: Evidence): Classification {
  return text.aboutAddress && evidence.role === 'input'
    ? known('url_expired', text.detail, text.rule)
    : withoutRashVerdict(text);
}

/** Giving a branch up takes more than a guess; a broken configuration more than a hint, for damaged input prints the same once. */
function withoutRashVerdict(text: MediaTextVerdict): Classification {
  const isRash =
    text.cause === 'invalid_pipeline'
      ? text.strength <= STRENGTH.weak
      : text.disposition === 'fatal' && text.strength <= STRENGTH.generic;
  return isRash ? known('unknown', text.detail, text.rule) : text;
}

/** Benign text explains no end; a line that says the process was told to end does. */
function withoutReason(evidence: Evidence, text: Classification): Classification {
  if (/received signal \d/i.test(evidence.text ?? '')) {
    return known('crashed', text.detail, 'told to end by someone else');
  }
  // A failure that is told in words nobody knows is still no ordinary end.
  const saysNothing = text.cause === 'benign' || text.detail === '';
  return plainExit(evidence, saysNothing) ?? known('unknown', text.detail, text.rule);
}

/**
 * Says why a run ended. Facts come before text:
 * our own stop; the source's own end; storage, start, device and stall as we found them; storage named in the text;
 * our reader's facts; a kill from outside; decisive text; a crash; any other text; the bare exit status; `unknown`.
 * Never throws. `benign` is returned for our own stop only, unless there is nothing but text.
 */
export function classify(evidence: Evidence): Classification {
  const fact = firstOf(FACTS_BEFORE_TEXT, evidence);
  if (fact !== null) {
    return fact;
  }
  const text = classifyMediaText(evidence.text ?? '', evidence);
  if (isAboutStorage(text) && text.strength >= STRENGTH.decisive) {
    return text;
  }
  const readerFact = firstOf(READER_FACTS, evidence) ?? killedFromOutside(evidence);
  if (readerFact !== null) {
    return readerFact;
  }
  const crash = crashedByItself(evidence);
  if (crash !== null && text.strength < STRENGTH.decisive) {
    return crash;
  }
  return text.strength > 0 ? asMediaAddress(text, evidence) : withoutReason(evidence, text);
}
