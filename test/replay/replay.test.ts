// Goal: code that is changed still understands the workflows that are running. Method: histories recorded from real
// workflows of each release are replayed with the code as it is; a difference in its decisions fails.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

let workflowBundle: { code: string };

beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  workflowBundle = await bundleWorkflowCode({ workflowsPath });
}, 60_000);

describe('recorded histories', () => {
  it('exist for every workflow', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('%s replays', async (name) => {
    const history: unknown = JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));
    await Worker.runReplayHistory({ workflowBundle }, history, `stream/${name}`);
  });
});
