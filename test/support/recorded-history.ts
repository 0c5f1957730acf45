import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;

/** A history of the replay test, by the name of its file. */
export function recordedHistory(file: string): proto.temporal.api.history.v1.History {
  const path = fileURLToPath(new URL(`../replay/histories/${file}`, import.meta.url));
  return History.fromObject(JSON.parse(readFileSync(path, 'utf8')) as object);
}
