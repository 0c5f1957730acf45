import { valueAt } from './introspect.js';

/** The short forms `{ ffmpeg: [args] }` and `{ gstreamer: "..." }` of an input mean the kind of that name; the content is this key's. */
export const INPUT_SHORT_FORMS = { ffmpeg: 'args', gstreamer: 'pipeline' } as const;

/** Turns the short form of an input into the full one; anything else stays as it is. */
export function expandShortForm(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'kind' in value) return value;
  for (const [kind, key] of Object.entries(INPUT_SHORT_FORMS)) {
    if (!(kind in value)) continue;
    const { [kind]: content, ...rest } = value as Record<string, unknown>;
    return { kind, [key]: content, ...rest };
  }
  return value;
}

/** The path of a problem in the document as written, where a short form may stand for `args` or `pipeline`. */
export function pathAsWritten(
  path: readonly (string | number)[],
  input: unknown,
): readonly (string | number)[] {
  return path.map((key, index) => {
    const parent = valueAt(input, path.slice(0, index));
    const short = Object.entries(INPUT_SHORT_FORMS).find(
      ([kind, full]) => full === key && valueAt(parent, [kind]) !== undefined,
    );
    return short !== undefined && valueAt(parent, [key]) === undefined ? short[0] : key;
  });
}
