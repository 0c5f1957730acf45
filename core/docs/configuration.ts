import { describeKeys, type KeyDescription } from '../config/describe-keys.js';
import { configSchema } from '../config/file.js';
import { code, renderTable } from './table.js';

const INTRODUCTION = `# Configuration

One file, \`holdfast.yaml\` (or the same as JSON), says what to run. \`holdfast check -c FILE\` tells every mistake at
once, with line, key and what is allowed; \`holdfast schema\` prints a JSON Schema for your editor;
\`holdfast.example.yaml\` shows every key.

- **Durations** are seconds or strings with a unit: \`500ms\`, \`30s\`, \`2m\`, \`1.5h\`, \`7d\`.
- **Sizes** are bytes or strings with a unit: \`500MB\`, \`2GiB\`.
- **Secrets** are written \`\${env:NAME}\`, quoted or not, also inside \`{ }\`. The variable is read by the process that
  needs it, at the moment of use; the value never enters the workflow history, the store or a log.
- **Paths** are relative to the file.
- Unknown keys are errors. A top-level key without a value counts as absent.
- An entry of \`streams\`, \`captures\` or \`sources\` is also the input of a workflow of that type, as JSON.

This page is made from the schema by \`npm run docs\`.
`;

/** The page that describes every key of the configuration. */
export function renderConfigurationPage(): string {
  const keys = describeKeys(configSchema);
  const general = keys.filter((key) => !isList(key.path));
  const lists = [...new Set(keys.filter((key) => isList(key.path)).map((key) => sectionOf(key.path)))];
  return [
    INTRODUCTION,
    section('General', general, ''),
    ...lists.map((list) => {
      const own = keys.find((key) => key.path === list);
      const entries = keys.filter((key) => key.path.startsWith(`${list}[].`));
      return section(`\`${list}\``, entries, `${list}[].`, own);
    }),
  ].join('\n');
}

function section(
  title: string,
  keys: readonly KeyDescription[],
  prefix: string,
  own?: KeyDescription,
): string {
  const about = own === undefined ? '' : `${own.description} A list; ${defaultText(own)} when absent.\n\n`;
  const rows = keys.map((key) => [
    code(keyText(key, prefix)),
    `${conditionText(key, prefix)}${key.description}`,
    allowedText(key),
    key.required ? '**required**' : defaultText(key),
  ]);
  return `## ${title}\n\n${about}${renderTable(['Key', 'Meaning', 'Allowed', 'Default'], rows)}\n`;
}

/** The key; with its value where the row is about one kind, e.g. `sink: webhook`. */
function keyText(key: KeyDescription, prefix: string): string {
  const name = key.path.slice(prefix.length);
  return isKind(key) ? `${name}: ${key.allowed}` : name;
}

/** What the introduction says of all durations, and what the following rows say of the keys, is not repeated. */
function allowedText(key: KeyDescription): string {
  if (isKind(key)) return '';
  return key.allowed.replace(/ \(seconds or .*\)/, '').replace(/a mapping with the keys .*/, 'a mapping');
}

function isKind(key: KeyDescription): boolean {
  return key.onlyWith.some((condition) => condition.path === key.path);
}

function conditionText(key: KeyDescription, prefix: string): string {
  return key.onlyWith
    .filter((condition) => condition.path !== key.path)
    .map((condition) => {
      const values = condition.values.map(code).join(', ');
      return `*${code(condition.path.slice(prefix.length))} ${values}:* `;
    })
    .join('');
}

function defaultText(key: KeyDescription): string {
  if (key.default === undefined) return '';
  return code(
    typeof key.default === 'string' ? key.default.replaceAll('\n', '\\n') : JSON.stringify(key.default),
  );
}

function isList(path: string): boolean {
  return ['notify', 'streams', 'captures', 'sources'].includes(sectionOf(path));
}

function sectionOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? '';
}
