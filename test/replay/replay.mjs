#!/usr/bin/env node
// Replays every recorded history with the built workflow code and prints one JSON line for each. A process of its own, as a
// worker is.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const { History } = proto.temporal.api.history.v1;
const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const codePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const history = History.fromObject(JSON.parse(readFileSync(`${folder}${name}`, 'utf8')));
  const workflowId = `stream/${name.replace(/^[\d.]+-|\.json$/g, '')}`;
  try {
    await Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId);
    console.log(JSON.stringify({ name, replayed: true }));
  } catch (error) {
    console.log(JSON.stringify({ name, replayed: false, error: String(error) }));
  }
}
process.exit(0);
