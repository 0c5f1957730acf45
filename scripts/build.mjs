#!/usr/bin/env node
// Compiles the sources, then bundles the workflow code once, so that no worker spends its start on webpack.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  {
    stdio: 'inherit',
  },
);

const { bundleWorkflowCode, Runtime, DefaultLogger } = await import('@temporalio/worker');
Runtime.install({ logger: new DefaultLogger('WARN') });
const { code } = await bundleWorkflowCode({
  workflowsPath: `${root}dist/workflows/index.js`,
  logger: new DefaultLogger('WARN'),
});
mkdirSync(`${root}dist`, { recursive: true });
writeFileSync(`${root}dist/workflow-bundle.js`, code);
