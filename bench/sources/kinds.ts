/** How the farm answers a request. */
export type Behaviour =
  | { readonly kind: 'feed' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    };

/** Kinds of sources, by what they do to whoever fetches them. */
export const KINDS = ['healthy', 'reset', 'busy', 'wait', 'gone', 'refused', 'silent'] as const;
export type Kind = (typeof KINDS)[number];

/** Sources that give their items to whoever tries again as they should. */
export const RECOVERABLE: readonly Kind[] = ['reset', 'busy', 'wait'];

/** How long a source of the kind `wait` asks to be left alone, and answers nothing else before that. */
const RETRY_AFTER_SECONDS = 5;

/** What a source says when it is asked for the nth time, so long after the first. */
export function behaviourOf(name: string, nth: number, sinceFirstMs: number): Behaviour {
  switch (kindOf(name)) {
    case 'reset':
      return nth === 1 ? { kind: 'reset' } : { kind: 'feed' };
    case 'busy':
      return nth === 1 ? { kind: 'status', status: 503, headers: {} } : { kind: 'feed' };
    case 'wait':
      if (sinceFirstMs >= RETRY_AFTER_SECONDS * 1_000) return { kind: 'feed' };
      return { kind: 'status', status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } };
    case 'gone':
      return { kind: 'status', status: 404, headers: {} };
    case 'silent':
      return { kind: 'silence' };
    default:
      return { kind: 'feed' };
  }
}

/** The kind of a source, from its name. */
export function kindOf(name: string): Kind | undefined {
  return KINDS.find((kind) => name.startsWith(`${kind}-`));
}
