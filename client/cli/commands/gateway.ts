import { InvalidArgumentError } from '@commander-js/extra-typings';
import { connectionRequest, serverCommand } from '../context.js';
import { untilInterrupted } from '../interrupts.js';
import { printLines } from '../output.js';
import { requireConfigFile } from '../settings.js';

export function gatewayCommand() {
  return serverCommand('gateway')
    .description('the HTTP gateway against an existing Temporal; `up` runs one by itself')
    .option('--listen <host:port>', 'where to serve (default: gateway.listen of the config)', parseListen)
    .option('--ui-url <url>', 'Web UI of Temporal, for the links of the page', parseWebAddress)
    .option('--verbose', 'log more')
    .action(async (options) => {
      const [{ loadConfigFile }, { resolveConnectionOptions }, { createLogger }, { runGateway }] =
        await Promise.all([
          import('../../config-file/index.js'),
          import('../../connection/index.js'),
          import('../logger.js'),
          import('../../gateway/run-gateway.js'),
        ]);
      const { config } = await loadConfigFile(requireConfigFile(options.config));
      const connection = await resolveConnectionOptions(connectionRequest(options, config));
      const logger = createLogger({ verbose: options.verbose === true });
      await untilInterrupted(async (signal) => {
        const gateway = await runGateway({
          config,
          listen: options.listen,
          connection,
          uiUrl: options.uiUrl ?? null,
          logger,
          // There is no worker in this process, so the SDK measures nothing.
          sdkMetrics: () => Promise.resolve(null),
        });
        printLines([`gateway     ${gateway.url}`]);
        if (!signal.aborted) {
          await new Promise((aborted) => signal.addEventListener('abort', aborted, { once: true }));
        }
        await gateway.close();
      });
    });
}

function parseWebAddress(value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError('expected an address like http://127.0.0.1:8233.');
}

/** As in the configuration, and port 0 for any free one. */
function parseListen(value: string): string {
  const match = /^(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/i.exec(value);
  if (match !== null && Number(match[1]) <= 65_535) return value;
  throw new InvalidArgumentError('expected host:port, e.g. 127.0.0.1:7600.');
}
