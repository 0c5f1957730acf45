// Downloads the Temporal CLI into a folder with the SDK's own downloader, which also chooses the right release.
import { readdirSync } from 'node:fs';
import { TestWorkflowEnvironment } from '@temporalio/testing';

/** A download that has not begun by then will not begin: no internet, or a firewall that swallows it. */
const BEGIN_TIMEOUT_MS = 10_000;

const [folder] = process.argv.slice(2);
const watchdog = setTimeout(() => {
  if (readdirSync(folder).length === 0) process.exit(1);
}, BEGIN_TIMEOUT_MS);

const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir: folder } },
});
clearTimeout(watchdog);
await environment.teardown();
