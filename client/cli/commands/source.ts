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
    .option('--charset <name>', 'character set, as `charset` of a source')
    .option('--content-type <type>', 'what the site says that a file is, e.g. "text/xml; charset=koi8-r"')
    .option('--allow-private', 'allow private, loopback and link-local addresses')
    .option('--json', 'print one JSON document')
    .action(async (source, options) => {
      const parse = options.parse === undefined ? undefined : parseJsonObject(options.parse, 'parse');
      const isAddress = /^https?:\/\//i.test(source);
      if (!isAddress && statSync(source, { throwIfNoEntry: false })?.isFile() !== true) {
        throw new UsageError(`${source}: neither an address that begins with http:// or https:// nor a file`);
      }
      if (isAddress && options.contentType !== undefined) {
        throw new UsageError('--content-type is for a file; an address says itself what it is');
      }
      const config = await configOf(isAddress ? source : 'http://localhost/', {
        parse,
        charset: options.charset,
        allow_private: options.allowPrivate === true,
      });
      // Clients do not depend on workers; this command does for once what a fetcher does.
      const { trySourceFile, trySourceUrl } = await import('../../../workers/try-source.js');
      const tried = isAddress
        ? await trySourceUrl(config)
        : await trySourceFile(source, options.contentType ?? null, config);
      if (options.json === true) printJson(tried);
      else printLines(renderTried(tried, stdoutView()));
      if (!isGood(tried)) process.exitCode = EXIT.failed;
    });
}

async function configOf(
  url: string,
  keys: { readonly parse: unknown; readonly charset: string | undefined; readonly allow_private: boolean },
): Promise<SourceConfig> {
  const [{ parseInstanceInput }, { formatProblem }, { unusableInSource }] = await Promise.all([
    import('../../../core/config/instance.js'),
    import('../../../core/config/problems.js'),
    import('../../config-file/index.js'),
  ]);
  const { parse, charset, allow_private } = keys;
  const entry = {
    id: 'try',
    url,
    allow_private,
    ...(parse === undefined ? {} : { parse }),
    ...(charset === undefined ? {} : { charset }),
  };
  const parsed = parseInstanceInput('source', entry);
  if ('error' in parsed) throw new UsageError(parsed.error);
  const unusable = await unusableInSource(entry);
  if (unusable.length > 0) throw new UsageError(unusable.map(formatProblem).join('; '));
  return parsed.ok;
}

function isGood(tried: TriedSource): boolean {
  return tried.kind === 'read' && tried.outcome.kind === 'parsed';
}
