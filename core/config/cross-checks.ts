import { parseDurationMs } from './duration.js';
import { valueAt } from './introspect.js';
import { isLoopbackHost, splitListen } from './loopback.js';
import { notAllowed, type ConfigProblem } from './problems.js';
import { sharedHubs } from './shared-by-captures.js';
import { expandShortForm } from './short-forms.js';

/** Shortest interval of a source unless `allow_fast` is set: a courtesy to other people's sites. */
const SOURCE_INTERVAL_MIN_MS = 60_000;

/** `/feeds/all.json` would be the feed of a source of this name as well as that of every source. */
const FEED_OF_ALL = 'all';

type Path = readonly (string | number)[];

/**
 * What no single key shows: ids and names that must be unique, keys that depend on each other.
 * Works on the document as written, so that these problems are told together with all the others.
 */
export function crossProblems(input: unknown): ConfigProblem[] {
  return [
    ...repeated(input, ['streams'], (entry) => valueAt(entry, ['id']), 'id'),
    ...repeated(input, ['captures'], (entry) => valueAt(entry, ['id']), 'id'),
    ...repeated(input, ['sources'], (entry) => valueAt(entry, ['id']), 'id'),
    ...repeatedSinks(input),
    ...unknownAnnounceSinks(input),
    ...openGateway(input),
    ...sharedHubs(input),
    ...listOf(input, ['captures']).flatMap((capture, index) =>
      below(['captures', index], captureProblems(capture)),
    ),
    ...listOf(input, ['sources']).flatMap((source, index) =>
      below(['sources', index], sourceProblems(source)),
    ),
  ];
}

/** Output names of a capture must be unique, and its probe must know what to ask. */
export function captureProblems(input: unknown): ConfigProblem[] {
  return [
    ...repeated(input, ['outputs'], (output) => valueAt(output, ['name']), 'name'),
    ...probeWithoutDevice(input),
  ];
}

function probeWithoutDevice(capture: unknown): ConfigProblem[] {
  const path = ['input', 'probe', 'device'];
  const kind = valueAt(expandShortForm(valueAt(capture, ['input'])), ['kind']);
  if (kind !== 'ffmpeg' && kind !== 'gstreamer') return [];
  if (valueAt(capture, ['input', 'probe', 'kind']) !== 'v4l2' || valueAt(capture, path) !== undefined)
    return [];
  const message = `is missing; expected the device to ask, e.g. /dev/video0: an input of kind ${kind} has none of its own`;
  return [{ path, value: undefined, message }];
}

/** The name must be left free for the feed of all sources, and an interval under a minute be allowed. */
export function sourceProblems(input: unknown): ConfigProblem[] {
  return [...reservedName(input), ...tooShortInterval(input)];
}

function reservedName(input: unknown): ConfigProblem[] {
  if (valueAt(input, ['id']) !== FEED_OF_ALL) return [];
  const allowed = `another name: ${FEED_OF_ALL} is that of the feed of all sources`;
  return [{ path: ['id'], value: FEED_OF_ALL, message: notAllowed(FEED_OF_ALL, allowed) }];
}

function tooShortInterval(input: unknown): ConfigProblem[] {
  const every = valueAt(input, ['every']);
  if (typeof every !== 'number' && typeof every !== 'string') return [];
  const ms = parseDurationMs(every);
  if (ms === undefined || ms >= SOURCE_INTERVAL_MIN_MS || valueAt(input, ['allow_fast']) === true) return [];
  const allowed = 'a duration of at least 60s, or allow_fast: true';
  return [{ path: ['every'], value: every, message: notAllowed(every, allowed) }];
}

function repeatedSinks(input: unknown): ConfigProblem[] {
  const nameOf = (sink: unknown): unknown => valueAt(sink, ['name']) ?? valueAt(sink, ['sink']);
  return repeated(input, ['notify'], nameOf, 'name');
}

function unknownAnnounceSinks(input: unknown): ConfigProblem[] {
  const known = new Set(
    listOf(input, ['notify']).map((sink) => valueAt(sink, ['name']) ?? valueAt(sink, ['sink'])),
  );
  return listOf(input, ['sources']).flatMap((source, sourceIndex) =>
    listOf(source, ['announce']).flatMap((entry, index): ConfigProblem[] => {
      const sink = valueAt(entry, ['sink']);
      if (typeof sink !== 'string' || known.has(sink)) return [];
      const names = [...known].join(', ') || 'none is configured';
      const path = ['sources', sourceIndex, 'announce', index, 'sink'];
      return [{ path, value: sink, message: notAllowed(sink, `the name of a sink of notify (${names})`) }];
    }),
  );
}

function openGateway(input: unknown): ConfigProblem[] {
  const listen = valueAt(input, ['gateway', 'listen']);
  if (typeof listen !== 'string' || valueAt(input, ['gateway', 'token']) !== undefined) return [];
  if (!/:\d+$/.test(listen) || isLoopbackHost(splitListen(listen).host)) return [];
  const allowed = 'a loopback address such as 127.0.0.1:7600, or a gateway.token';
  return [{ path: ['gateway', 'listen'], value: listen, message: notAllowed(listen, allowed) }];
}

function repeated(
  input: unknown,
  path: Path,
  nameOf: (entry: unknown) => unknown,
  key: string,
): ConfigProblem[] {
  const seen = new Map<unknown, number>();
  return listOf(input, path).flatMap((entry, index): ConfigProblem[] => {
    const name = nameOf(entry);
    const first = seen.get(name);
    if (name === undefined) return [];
    seen.set(name, first ?? index);
    if (first === undefined) return [];
    const where = [...path, index, key];
    const allowed = `${key === 'id' ? 'an' : 'a'} ${key} that ${path.at(-1)}[${first}] does not have already`;
    return [{ path: where, value: name, message: notAllowed(name, allowed) }];
  });
}

function listOf(input: unknown, path: Path): readonly unknown[] {
  const list = valueAt(input, path);
  return Array.isArray(list) ? list : [];
}

function below(path: Path, problems: readonly ConfigProblem[]): ConfigProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}
