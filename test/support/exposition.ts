/** Metrics as read from Prometheus text. */
export interface Exposition {
  /** Value of the sample with exactly these labels; undefined when there is none. */
  value(name: string, labels: Readonly<Record<string, string>>): number | undefined;
  /** Names of the metrics that are described. */
  readonly names: ReadonlySet<string>;
}

const DESCRIPTION = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const LABEL = '([a-zA-Z_]\\w*)="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"';
const SAMPLE = new RegExp(`^([a-zA-Z_:][\\w:]*)(?:\\{((?:${LABEL},?)*)\\})? (\\S+)(?: -?\\d+)?$`);
const SUFFIXES = { histogram: /_(?:bucket|sum|count)$/, summary: /_(?:sum|count)$/ } as const;

/**
 * Reads Prometheus text 0.0.4 strictly: every line in its form, each metric described once, before its samples and with all of them
 * together, and no sample twice.
 */
export function readExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const values = new Map<string, number>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const described = DESCRIPTION.exec(line);
    if (described !== null) {
      const [, what, name = '', rest = ''] = described;
      if (name !== current && seen.has(name)) throw new Error(`${name} is told in two places`);
      if (what === 'TYPE') {
        if (types.has(name) || !TYPES.includes(rest)) throw new Error(`wrong or second type: ${line}`);
        types.set(name, rest);
      }
      seen.add((current = name));
      continue;
    }
    const [, name = '', labels = '', , , value = ''] = SAMPLE.exec(line) ?? [];
    if (name === '') throw new Error(`not a sample: ${line}`);
    const type = types.get(current) as keyof typeof SUFFIXES | undefined;
    const family = name === current || type === undefined ? name : name.replace(SUFFIXES[type] ?? /$^/, '');
    if (family !== current) throw new Error(`${name} stands among ${current}`);
    const key = keyOf(
      name,
      Object.fromEntries([...labels.matchAll(new RegExp(LABEL, 'g'))].map((m) => [m[1], m[2]])),
    );
    if (values.has(key)) throw new Error(`twice: ${line}`);
    const parsed = Number(value.replace('Inf', 'Infinity'));
    if (Number.isNaN(parsed) && value !== 'NaN') throw new Error(`not a value: ${line}`);
    values.set(key, parsed);
  }
  return { value: (name, labels) => values.get(keyOf(name, labels)), names: seen };
}

function keyOf(name: string, labels: Readonly<Record<string, string | undefined>>): string {
  return JSON.stringify([name, Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1))]);
}
