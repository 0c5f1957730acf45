import { statSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import type { SourceConfig } from '../../../core/config/source.js';
import type { TriedSource } from '../../../workers/try-source.js';
import { EXIT, UsageError } from '../errors.js';
import { printJson, printLines, stdoutView } from '../output.js';
import { parseJsonObject } from '../parse-json.js';
import { renderTried } from '../view/tried-source.js';

export function sourceCommand() {
  return new Command('source').description('try a feed or page').addCommand(tryCommand());
}

/** `holdfast source try`: what would be kept of an address or a file. */
function tryCommand() {
  return new Command('try')
    .description('fetch and parse once and print what would be kept; nothing is stored')
    .argument('<source>', 'address, or a file')
    .option('--parse <json>', 'how to read it, as `parse` of a source, e.g. {"kind":"raw"} (default: a feed)')
    .option('--allow-private', 'allow private, loopback and link-local addresses')
    .option('--json', 'print one JSON document')
    .action(async (source, options) => {
      const parse = options.parse === undefined ? undefined : parseJsonObject(options.parse, 'parse');
      const isAddress = /^https?:\/\//i.test(source);
      if (!isAddress && statSync(source, { throwIfNoEntry: false })?.isFile() !== true) {
        throw new UsageError(`${source}: neither an address that begins with http:// or https:// nor a file`);
      }
      const config = await configOf(isAddress ? source : 'http://localhost/', {
        parse,
        allow_private: options.allowPrivate === true,
      });
      // Clients do not depend on workers; this command does for once what a fetcher does.
      const { trySourceFile, trySourceUrl } = await import('../../../workers/try-source.js');
      const tried = isAddress ? await trySourceUrl(config) : await trySourceFile(source, config);
      if (options.json === true) printJson(tried);
      else printLines(renderTried(tried, stdoutView()));
      if (!isGood(tried)) process.exitCode = EXIT.failed;
    });
}

async function configOf(
  url: string,
  keys: { readonly parse: unknown; readonly allow_private: boolean },
): Promise<SourceConfig> {
  const { parseInstanceInput } = await import('../../../core/config/instance.js');
  const { parse, allow_private } = keys;
  const entry = { id: 'try', url, allow_private, ...(parse === undefined ? {} : { parse }) };
  const parsed = parseInstanceInput('source', entry);
  if ('error' in parsed) throw new UsageError(parsed.error);
  return parsed.ok;
}

function isGood(tried: TriedSource): boolean {
  return tried.kind === 'read' && tried.outcome.kind === 'parsed';
}
