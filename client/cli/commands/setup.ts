import { InvalidArgumentError } from '@commander-js/extra-typings';
import { serverCommand, withHoldfast } from '../context.js';
import { printLines } from '../output.js';
import { findConfigFile } from '../settings.js';

/** What is left to look at for a few days by default; a namespace can be changed later with Temporal's own tools. */
const RETENTION_DAYS_DEFAULT = 7;

export function setupCommand() {
  return serverCommand('setup')
    .description('create search attributes and tables (both exist already under `up`)')
    .option('--create-namespace', 'create the Temporal namespace too when it is not there')
    .option(
      '--retention-days <days>',
      'how long a created namespace keeps closed workflows',
      parseDays,
      RETENTION_DAYS_DEFAULT,
    )
    .action(async (options) => {
      await withHoldfast(options, async ({ client }) => {
        const { ensureNamespace } = await import('../../setup/namespace.js');
        const { ensureSearchAttributes } = await import('../../setup/search-attributes.js');
        const { namespace } = client.options;
        if (options.createNamespace === true) {
          const created = await ensureNamespace(client, options.retentionDays);
          printLines([`✓ namespace ${namespace}${created ? ' created' : ''}`]);
        }
        const created = await ensureSearchAttributes(client);
        const what = created.length === 0 ? 'are there' : `created: ${created.join(', ')}`;
        printLines([`✓ search attributes of namespace ${namespace} ${what}`]);
      });
      await setUpTables(options.config);
    });
}

/** Only a configuration says where the store is. */
async function setUpTables(named: string | undefined): Promise<void> {
  const file = findConfigFile(named);
  if (file === undefined) {
    printLines(['! tables: no configuration, so no store; name one with -c FILE']);
    return;
  }
  const { loadConfigFile } = await import('../../config-file/index.js');
  const { describeStore, ensureTables } = await import('../../setup/store.js');
  const { config } = await loadConfigFile(file);
  await ensureTables(config.store);
  printLines([`✓ tables of ${describeStore(config.store)}`]);
}

function parseDays(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 1 && days <= 3_650) return days;
  throw new InvalidArgumentError('expected whole days, 1 to 3650.');
}
