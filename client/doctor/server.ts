import type { Client } from '@temporalio/client';
import { missingSearchAttributes } from '../setup/search-attributes.js';
import { namespaceExists } from '../setup/namespace.js';
import { messageOf, ok, problem, type CheckResult } from './check-result.js';

/** What the Temporal server must have for us. */
export async function checkServer(client: Client, address: string): Promise<readonly CheckResult[]> {
  const { namespace } = client.options;
  try {
    if (!(await namespaceExists(client))) {
      const mend = 'holdfast setup --create-namespace';
      return [
        ok('temporal server', address),
        problem('namespace', `${namespace} does not exist`, mend, true),
      ];
    }
    const missing = await missingSearchAttributes(client);
    return [
      ok('temporal server', `${address}, namespace ${namespace}`),
      missing.length === 0
        ? ok('search attributes', 'are there')
        : problem('search attributes', `missing: ${missing.join(', ')}`, 'holdfast setup', true),
    ];
  } catch (error) {
    const mend = 'check namespace, API key and TLS of the profile';
    return [problem('temporal server', `${address}: ${messageOf(error)}`, mend, true)];
  }
}
