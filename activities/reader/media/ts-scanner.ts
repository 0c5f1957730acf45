import { ElementaryProbe, probedStreamOf, type PesFacts } from './elementary-probe.js';
import type { StreamTime } from './source-clock.js';
import { readPacket } from './ts-packet.js';
import { parseProgramAssociation, parseProgramMap, SectionCollector, type ProgramMap } from './ts-tables.js';

/** Something the stream says of itself; `position` is the byte where the packet that says it began. */
export type TsFact =
  | { readonly kind: 'programs'; readonly position: number; readonly programs: readonly number[] }
  | { readonly kind: 'map'; readonly position: number; readonly map: ProgramMap }
  | { readonly kind: 'video'; readonly position: number; readonly pid: number; readonly pes: PesFacts }
  | { readonly kind: 'audio'; readonly position: number; readonly pid: number; readonly pes: PesFacts };

/** A multiplex with more streams than this is not watched any further. */
const MAX_WATCHED_PIDS = 64;

/** Reads tables and the beginnings of pictures from the packets of a transport stream. Never throws. */
export class TsScanner {
  readonly #sections = new Map<number, SectionCollector>([[0, new SectionCollector()]]);
  readonly #probes = new Map<number, ElementaryProbe>();

  /** Takes the packet at `offset` of `buffer`; `position` is where it stands in the whole stream. */
  scan(buffer: Buffer, offset: number, position: number): TsFact[] {
    const packet = readPacket(buffer, offset);
    if (!packet.readable) return [];
    const payload = buffer.subarray(packet.payloadStart, packet.payloadEnd);
    const section = this.#sections.get(packet.pid)?.push(payload, packet.unitStart, position);
    if (section) return this.#readTable(packet.pid, section);
    const probe = this.#probes.get(packet.pid);
    if (probe === undefined) return [];
    const found = probe.push(payload, packet.unitStart, position);
    return found.map((pes) => factOf(probe, packet.pid, pes));
  }

  /** Everything from here on may still turn out to belong to new parameters; null when nothing is open. */
  get undecidedFrom(): number | null {
    let earliest: number | null = null;
    for (const probe of this.#probes.values()) earliest = smaller(earliest, probe.undecidedFrom);
    for (const section of this.#sections.values()) earliest = smaller(earliest, section.unfinishedFrom);
    return earliest;
  }

  /** The stream has ended: what the last PES packets say. */
  finish(): TsFact[] {
    const facts: TsFact[] = [];
    for (const [pid, probe] of this.#probes)
      facts.push(...probe.finish().map((pes) => factOf(probe, pid, pes)));
    this.abandonUndecided();
    return facts;
  }

  /** What is open stays undecided for ever. */
  abandonUndecided(): void {
    for (const section of this.#sections.values()) section.abandon();
    for (const probe of this.#probes.values()) probe.abandon();
  }

  #readTable(pid: number, section: { bytes: Buffer; position: number }): TsFact[] {
    const { bytes, position } = section;
    if (pid === 0) {
      const programs = parseProgramAssociation(bytes);
      if (programs === null) return [];
      for (const mapPid of programs.values())
        this.#watch(this.#sections, mapPid, () => new SectionCollector());
      return [{ kind: 'programs', position, programs: [...programs.keys()].sort((a, b) => a - b) }];
    }
    const map = parseProgramMap(bytes);
    if (map === null) return [];
    for (const stream of map.streams) {
      const probed = probedStreamOf(stream.streamType);
      if (probed !== null) this.#watch(this.#probes, stream.pid, () => new ElementaryProbe(probed));
    }
    return [{ kind: 'map', position, map }];
  }

  #watch<Watcher>(watchers: Map<number, Watcher>, pid: number, make: () => Watcher): void {
    if (!watchers.has(pid) && watchers.size < MAX_WATCHED_PIDS) watchers.set(pid, make());
  }
}

function factOf(probe: ElementaryProbe, pid: number, pes: PesFacts): TsFact {
  return { kind: probe.kind, position: pes.position, pid, pes };
}

/** The decoding time that a fact tells, or null. */
export function timeOf(fact: TsFact): StreamTime | null {
  if (fact.kind !== 'video' && fact.kind !== 'audio') return null;
  const { dts } = fact.pes;
  return dts === null ? null : { kind: fact.kind, stream: fact.pid, ticks: dts };
}

function smaller(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}
