import { hostname } from 'node:os';
import { refuseEarly } from '../cli/refuse-early.js';
import { connectClient, namesExternalServer, resolveConnectionOptions } from '../connection/index.js';
import type { ConnectionRequest } from '../connection/index.js';
import { describeStore, ensureTables } from '../setup/store.js';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';
import { checkCaptures } from './captures.js';
import { checkConfiguration } from './configuration.js';
import { checkDataDir } from './data-dir.js';
import { checkDevices } from './devices.js';
import { needsOf } from './needs.js';
import { checkPrograms } from './programs.js';
import { checkServer } from './server.js';

export type { CheckResult, CheckStatus } from './check-result.js';
export { checkPollers } from './pollers.js';

export interface DoctorOptions {
  /** Configuration file, if there is one. */
  readonly configFile: string | undefined;
  /** Data directory when there is no configuration. Absolute. */
  readonly dataDir: string;
  readonly connection: ConnectionRequest;
}

/** Looks at everything that holdfast needs on this machine, and says how to mend what is wrong. */
export async function examine(options: DoctorOptions): Promise<readonly CheckResult[]> {
  const { results, config } = await checkConfiguration(options.configFile);
  const isExternal = namesExternalServer(options.connection);
  const needs = needsOf(config, config?.host ?? hostname(), !isExternal);
  const dataDir = config?.data_dir ?? options.dataDir;
  const groups = await Promise.all([
    checkPrograms(needs),
    checkDevices(needs.devices),
    checkCaptures(needs.captures),
    checkDataDir(dataDir),
    checkStore(config?.store),
    checkConnection({ ...options.connection, dataDir }, isExternal),
  ]);
  return [...results, ...groups.flat()];
}

async function checkConnection(
  request: ConnectionRequest,
  isExternal: boolean,
): Promise<readonly CheckResult[]> {
  try {
    const connection = await resolveConnectionOptions(request);
    await refuseEarly(connection);
    const connected = await connectClient(connection);
    try {
      return await checkServer(connected.client, connection.address);
    } finally {
      await connected.close();
    }
  } catch (error) {
    const mend = isExternal ? 'check its address and the network' : 'nothing to do: `holdfast up` starts one';
    return [problem('temporal server', messageOf(error), mend, isExternal)];
  }
}

async function checkStore(url: string | undefined): Promise<readonly CheckResult[]> {
  if (url === undefined) return [];
  const where = describeStore(url);
  // A file would be made by looking; that its folder can be written is checked already.
  if (!url.startsWith('postgres')) return [ok('store', where)];
  try {
    await ensureTables(url);
    return [ok('store', where)];
  } catch (error) {
    const mend = 'check that PostgreSQL runs there and takes these credentials';
    return [problem('store', `${where}: ${messageOf(error)}`, mend, true)];
  }
}
