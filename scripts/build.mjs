#!/usr/bin/env node
// Compiles the sources, then bundles the workflow code once, so that no worker spends its start on webpack.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

function compile(project) {
  const compiler = [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}${project}`];
  execFileSync(process.execPath, compiler, { stdio: 'inherit' });
}

compile('tsconfig.build.json');
// The page is for browsers: it has a project of its own, and files that are served as they are.
const page = 'client/gateway/dashboard';
compile(`${page}/tsconfig.json`);
for (const name of ['index.html', 'style.css', 'icon.svg']) {
  copyFileSync(`${root}${page}/${name}`, `${root}dist/${page}/${name}`);
}

const { bundleWorkflowCode, Runtime, DefaultLogger } = await import('@temporalio/worker');
Runtime.install({ logger: new DefaultLogger('WARN') });
const { code } = await bundleWorkflowCode({
  workflowsPath: `${root}dist/workflows/index.js`,
  preloadModules: [`${root}dist/workflows/preload.js`],
  logger: new DefaultLogger('WARN'),
});
mkdirSync(`${root}dist`, { recursive: true });
writeFileSync(`${root}dist/workflow-bundle.js`, code);
