#!/usr/bin/env node
// Replays every recorded history with the built workflow code and prints one JSON line for each. A process of its own, as a
// worker is.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';

// Without `forward` the core writes its warnings among the lines of standard output.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});
const { History } = proto.temporal.api.history.v1;
const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const codePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
const names = readdirSync(folder).filter((file) => /\.json(\.gz)?$/.test(file));

function* histories() {
  for (const name of names) {
    const bytes = readFileSync(`${folder}${name}`);
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    const history = History.fromObject(JSON.parse(text));
    // A later execution of a workflow has the id of the first one.
    yield { history, workflowId: history.events[0].workflowExecutionStartedEventAttributes.workflowId };
  }
}

// One after the other, in this order.
let replayed = 0;
for await (const { error } of Worker.runReplayHistories({ workflowBundle: { codePath } }, histories())) {
  const name = names[replayed++];
  console.log(JSON.stringify({ name, replayed: error === undefined, ...(error && { error: String(error) }) }));
}
process.exit(replayed === names.length ? 0 : 1);
