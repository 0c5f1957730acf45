import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';
import { recentPollers } from '../health/pollers.js';
import { ok, problem, type CheckResult } from './check-result.js';

const CALL_TIMEOUT_MS = 10_000;

/** A worker polls the task queue now; with `here`, one of this machine or container. For health checks. */
export async function checkPollers(client: Client, taskQueue: string, here: boolean): Promise<CheckResult> {
  const pollers = await recentPollers(client, taskQueue, CALL_TIMEOUT_MS);
  // The SDK's identities are `<pid>@<host name>`.
  const identities = pollers.filter((identity) => !here || identity.endsWith(`@${hostname()}`));
  const name = `task queue ${taskQueue}`;
  if (identities.length > 0) return ok(name, `polled by ${identities.join(', ')}`);
  const where = here ? ' of this machine' : '';
  return problem(name, `no worker${where} polls it`, 'start it: holdfast worker', true);
}
