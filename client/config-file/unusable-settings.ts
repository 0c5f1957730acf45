import { valueAt } from '../../core/config/introspect.js';
import { notAllowed, type ConfigProblem } from '../../core/config/problems.js';
import { jmespathFault, selectorFault } from './languages.js';

/** What is wrong with a text, in a few words or none; null when nothing is. */
type Fault = (text: string) => string | null | Promise<string | null>;

interface Setting {
  readonly path: readonly string[];
  readonly allowed: string;
  readonly fault: Fault;
}

const settingsAt = (parent: string, keys: readonly string[], allowed: string, fault: Fault): Setting[] =>
  keys.map((key) => ({ path: [parent, key], allowed, fault }));

const JMESPATH = 'a JMESPath expression, e.g. data.items[*]';

const PARSE_SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  html: settingsAt(
    'parse',
    ['item', 'title', 'link', 'date', 'summary'],
    'a CSS selector, e.g. li.news > a',
    selectorFault,
  ),
  json: settingsAt('parse', ['items', 'id', 'title', 'link', 'date', 'summary'], JMESPATH, jmespathFault),
};

const CHARSET: Setting = {
  path: ['charset'],
  allowed: 'a character set of the WHATWG Encoding Standard, e.g. utf-8, iso-8859-2 or shift_jis',
  fault: (label) => (isCharset(label) ? null : ''),
};

const RESOLVER_SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  'http-json': settingsAt('resolver', ['path', 'title_path'], JMESPATH, jmespathFault),
};

/**
 * What can never work although its form is right: selectors, expressions and names in languages of their own. Workflows do not
 * check this: their bundle stays small, and an entry that once began goes on with what it was given.
 */
export async function unusableSettings(content: unknown): Promise<ConfigProblem[]> {
  const found = [
    ...entriesOf(content, 'sources').map(async ({ entry, at }) => below(at, await unusableInSource(entry))),
    ...entriesOf(content, 'streams').map(async ({ entry, at }) =>
      below(at, await problemsIn(entry, kindOf(RESOLVER_SETTINGS, entry, 'resolver'))),
    ),
  ];
  return (await Promise.all(found)).flat();
}

/** The same for one source. */
export async function unusableInSource(source: unknown): Promise<ConfigProblem[]> {
  return await problemsIn(source, [...kindOf(PARSE_SETTINGS, source, 'parse'), CHARSET]);
}

async function problemsIn(entry: unknown, settings: readonly Setting[]): Promise<ConfigProblem[]> {
  const problems = settings.map(async ({ path, allowed, fault }): Promise<ConfigProblem[]> => {
    const value = valueAt(entry, path);
    // Anything else is told by the schema.
    if (typeof value !== 'string' || value === '') return [];
    const why = await fault(value);
    if (why === null) return [];
    return [{ path, value, message: notAllowed(value, why === '' ? allowed : `${allowed} (${why})`) }];
  });
  return (await Promise.all(problems)).flat();
}

function kindOf(
  settings: Readonly<Record<string, readonly Setting[]>>,
  entry: unknown,
  key: string,
): readonly Setting[] {
  const kind = valueAt(entry, [key, 'kind']);
  return typeof kind === 'string' && Object.hasOwn(settings, kind) ? (settings[kind] ?? []) : [];
}

function entriesOf(
  content: unknown,
  section: string,
): { readonly entry: unknown; readonly at: readonly [string, number] }[] {
  const list = valueAt(content, [section]);
  return Array.isArray(list) ? list.map((entry: unknown, index) => ({ entry, at: [section, index] })) : [];
}

function below(at: readonly (string | number)[], problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...at, ...problem.path] }));
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
