import { describeAac, sameAac, type AacParameters } from './aac.js';
import type { SourceChange } from './cutter.js';
import { describeSequenceParameters, samePicture, type SequenceParameters } from './sequence-parameters.js';
import type { TsFact } from './ts-scanner.js';
import type { ElementaryStream, ProgramMap } from './ts-tables.js';

/**
 * The codec parameters a transport stream has shown so far. A stream may repeat everything, alternate between
 * parameter sets and add sets for the same kind of picture; anything else is a change.
 */
export class TsParameters {
  #programs: string | null = null;
  readonly #maps = new Map<number, string>();
  readonly #audio = new Map<number, AacParameters>();
  readonly #video = new Map<number, Map<number, SequenceParameters>>();

  /** Compares a fact with what is known and learns it where it is new. */
  observe(fact: TsFact): SourceChange | null {
    switch (fact.kind) {
      case 'programs':
        return this.#observePrograms(fact.programs);
      case 'map':
        return this.#observeMap(fact.map);
      case 'audio':
        return fact.pes.aac === null ? null : this.#observeAudio(fact.pid, fact.pes.aac);
      case 'video':
        return this.#observeVideo(fact.pid, fact.pes.sets);
    }
  }

  #observePrograms(programs: readonly number[]): SourceChange | null {
    const after = `programs ${programs.join(',')}`;
    const before = (this.#programs ??= after);
    return before === after ? null : { before, after };
  }

  #observeMap(map: ProgramMap): SourceChange | null {
    const after = describeStreams(map.streams);
    const before = this.#maps.get(map.program);
    if (before === undefined) this.#maps.set(map.program, after);
    return before === undefined || before === after ? null : { before, after };
  }

  #observeAudio(pid: number, seen: AacParameters): SourceChange | null {
    const known = this.#audio.get(pid);
    if (known === undefined) this.#audio.set(pid, seen);
    if (known === undefined || sameAac(known, seen)) return null;
    return { before: describeAac(known), after: describeAac(seen) };
  }

  #observeVideo(pid: number, seen: readonly SequenceParameters[]): SourceChange | null {
    if (seen.length === 0) return null;
    const known = this.#video.get(pid);
    if (known === undefined) {
      this.#video.set(pid, new Map(seen.map((set) => [set.id, set])));
      return null;
    }
    for (const set of seen) {
      const change = compareSets(known, set);
      if (change !== null) return change;
      known.set(set.id, set);
    }
    return null;
  }
}

function compareSets(
  known: ReadonlyMap<number, SequenceParameters>,
  seen: SequenceParameters,
): SourceChange | null {
  const sameId = known.get(seen.id);
  const accepted =
    sameId === undefined
      ? [...known.values()].some((set) => samePicture(set, seen))
      : sameId.bytes.equals(seen.bytes);
  if (accepted) return null;
  const before = sameId ?? [...known.values()][0] ?? seen;
  return { before: describeSequenceParameters(before), after: describeSequenceParameters(seen) };
}

function describeStreams(streams: readonly ElementaryStream[]): string {
  const parts = streams.map((stream) => `${stream.pid}:0x${stream.streamType.toString(16)}`).sort();
  return `streams ${parts.join(' ')}`;
}
