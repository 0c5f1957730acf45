import { expandSetting } from '../config-file/expand-setting.js';

/** Address of the store with its secrets filled in. Throws when a variable is not set. */
export function expandStoreUrl(url: string, environment: NodeJS.ProcessEnv): string {
  return expandSetting('store', url, environment);
}

/** Brings the tables of the store up to date, and so shows that it can be reached. */
export async function ensureTables(url: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { openStore } = await import('../../store/index.js');
  const store = await openStore(expandStoreUrl(url, environment));
  try {
    await store.migrate();
  } finally {
    await store.close();
  }
}

/** The address without password, for messages. */
export function describeStore(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/)[^@/]*@/, '$1');
}
