import { codedPackets } from '../../test/support/coded-packets.js';

/** What several outputs lack, all of them together. */
export interface Loss {
  /** Pictures missing between the first and the last one of an output. */
  readonly missing: number;
  /** Pictures that should be there. */
  readonly expected: number;
}

/** Counts by content which pictures an output lacks. Without a source, every picture that any output has should be in all of them. */
export async function lossOf(outputs: readonly (readonly string[])[], source: string | null): Promise<Loss> {
  const delivered = await Promise.all(outputs.map((files) => codedPackets(files, 'v')));
  const all = source === null ? union(delivered) : await codedPackets([source], 'v');
  const place = new Map(all.map((checksum, index) => [checksum, index]));
  return delivered
    .map((checksums) => lossOfOne(checksums, place))
    .reduce((sum, loss) => ({
      missing: sum.missing + loss.missing,
      expected: sum.expected + loss.expected,
    }));
}

function lossOfOne(checksums: readonly string[], place: ReadonlyMap<string, number>): Loss {
  const places = new Set(checksums.flatMap((checksum) => place.get(checksum) ?? []));
  const expected = Math.max(...places) - Math.min(...places) + 1;
  return { missing: expected - places.size, expected };
}

/** What any of several pieces of one sequence has, in order: each is put in behind what it follows elsewhere. */
function union(sequences: readonly (readonly string[])[]): string[] {
  const result: string[] = [];
  const known = new Set<string>();
  for (const sequence of sequences) {
    let insertAt = 0;
    for (const checksum of sequence) {
      if (known.has(checksum)) {
        insertAt = result.indexOf(checksum, insertAt) + 1;
        continue;
      }
      result.splice(insertAt, 0, checksum);
      known.add(checksum);
      insertAt += 1;
    }
  }
  return result;
}
