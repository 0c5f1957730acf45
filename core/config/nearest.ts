/** Farthest word that still counts as a slip of the pen, as a share of its length. */
const DISTANCE_SHARE_MAX = 0.4;

/** The known word nearest to a misspelt one; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = normalise(word);
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain, normalise(candidate)) }))
    .sort((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, best.candidate.length * DISTANCE_SHARE_MAX)
    ? best.candidate
    : undefined;
}

/** `maxRetries`, `max-retries` and `max_retries` are one word. Longer words than any key are cut: they match nothing. */
function normalise(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Number of single-character edits between two words. */
export function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
