/** Sites that name a longer time mean something else. */
const FRESH_MAX_MS = 86_400_000;

/**
 * How long an answer stays fresh by its `Cache-Control: max-age` (less its `Age`) or `Expires`, at most a day; null when
 * it does not say or does not want to be kept.
 */
export function freshForMs(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const control = headers['cache-control'] ?? '';
  if (/\bno-(?:store|cache)\b/i.test(control)) return null;
  const maxAge = /\bmax-age\s*=\s*"?(\d{1,10})/i.exec(control);
  if (maxAge !== null) {
    const age = /^\d{1,10}$/.test(headers['age'] ?? '') ? Number(headers['age']) : 0;
    return limited((Number(maxAge[1]) - age) * 1_000);
  }
  const dateMs = Date.parse(headers['date'] ?? '');
  const expiresMs = Date.parse(headers['expires'] ?? '');
  return Number.isNaN(expiresMs) ? null : limited(expiresMs - (Number.isNaN(dateMs) ? nowMs : dateMs));
}

function limited(ms: number): number | null {
  return ms <= 0 ? null : Math.min(ms, FRESH_MAX_MS);
}
