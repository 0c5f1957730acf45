import { InvalidArgumentError } from '@commander-js/extra-typings';
import { connectionRequest, serverCommand } from '../context.js';
import { UsageError } from '../errors.js';
import { untilInterrupted } from '../interrupts.js';
import { requireConfigFile } from '../settings.js';

const ROLES = ['orchestrator', 'device', 'fetch'] as const;
type Role = (typeof ROLES)[number];

export function workerCommand() {
  return serverCommand('worker')
    .description('a worker against an existing Temporal')
    .option('--roles <roles>', `what it does, of ${ROLES.join(', ')}`, parseRoles, [...ROLES])
    .option(
      '--host <name>',
      'name of this machine as a device host (default: host of the config, or its host name)',
    )
    .option('--verbose', 'log more')
    .action(async (options) => {
      const [{ loadConfigFile }, { resolveConnectionOptions }, { createLogger }, { runWorker }] =
        await Promise.all([
          import('../../config-file/index.js'),
          import('../../connection/index.js'),
          import('../logger.js'),
          // Clients do not depend on workers; this command is the one that becomes a worker.
          import('../../../workers/worker.js'),
        ]);
      const { config, path } = await loadConfigFile(requireConfigFile(options.config));
      const host = await checkedHost(options.host);
      const connection = await resolveConnectionOptions(connectionRequest(options, config));
      const logger = createLogger({ verbose: options.verbose === true });
      await untilInterrupted(async (signal) => {
        const worker = await runWorker({
          roles: options.roles,
          ...(host === undefined ? {} : { host }),
          config,
          configPath: path,
          connection,
          logger,
        });
        logger.info({ host: worker.host, roles: options.roles, address: connection.address }, 'worker ready');
        const close = (): void => void worker.close();
        if (signal.aborted) close();
        signal.addEventListener('abort', close, { once: true });
        await worker.done;
        await worker.close();
      });
    });
}

function parseRoles(value: string): Role[] {
  const names = value.split(',').map((name) => name.trim());
  const roles = ROLES.filter((role) => names.includes(role));
  const unknown = names.filter((name) => !ROLES.some((role) => role === name));
  if (unknown.length > 0 || roles.length === 0) {
    throw new InvalidArgumentError(`expected one or more of ${ROLES.join(', ')}, separated by commas.`);
  }
  return roles;
}

async function checkedHost(name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const { hostName } = await import('../../../core/config/common.js');
  const checked = hostName.safeParse(name);
  if (checked.success) return checked.data;
  throw new UsageError(`--host ${name}: ${checked.error.issues[0]?.message ?? 'not a host name'}`);
}
