/** Pages of `docs/` that follow from the code. `npm run docs` writes them; a test keeps them up to date. */
export { renderConfigurationPage } from './configuration.js';
export { renderFailuresPage } from './failures.js';
