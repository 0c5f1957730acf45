const MASK = '***';

/** Replaces every secret, as it stands and as it looks inside a URL. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length > 0)
    .flatMap((secret) => [secret, encodeURIComponent(secret), encodeURI(secret)]);
  // The longest first: a secret may be part of another.
  const ordered = [...new Set(forms)].sort((left, right) => right.length - left.length);
  return ordered.reduce((redacted, form) => redacted.replaceAll(form, MASK), text);
}
