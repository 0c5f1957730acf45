import { editDistance } from '../../core/config/nearest.js';

/** Suggestions are offered up to this many. */
const SUGGESTIONS_MAX = 5;

/** The candidates that a person may have meant, best first: near in spelling, or containing what was typed. */
export function nearestOf(typed: string, candidates: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const distanceMax = Math.max(2, Math.floor(wanted.length / 3));
  return candidates
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      const contains = wanted.length > 1 && lower.includes(wanted);
      return { candidate, distance: contains ? 0 : editDistance(wanted, lower) };
    })
    .filter(({ distance }) => distance <= distanceMax)
    .sort((left, right) => left.distance - right.distance || left.candidate.localeCompare(right.candidate))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ candidate }) => candidate);
}
