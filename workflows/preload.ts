import './index.js';

/**
 * Loaded by the bundle once for all workflows of a worker instead of once for each of them: building the schemas anew costs every
 * workflow 2 MB and some 10 ms, and everything else another 0.1 MB and 1 ms.
 * `scripts/build.mjs` names this file.
 *
 * The SDK freezes whatever is shared, so that no workflow can leave anything behind for another one. Schemas would not bear that:
 * they work parts of themselves out at first use, the same ones each time. What is frozen on its surface already the SDK leaves as it
 * is inside. Neither `core/` nor `workflows/` keeps state in a module.
 */

/* eslint-disable no-underscore-dangle -- the names are webpack's */
/** What webpack has loaded so far, by path. */
declare const __webpack_module_cache__: Readonly<Record<string, object | undefined>>;
/** Everything in the bundle, by path. */
declare const __webpack_modules__: Readonly<Record<string, unknown>>;

const OURS_AND_ZOD = /\/(?:zod|core)\//;

for (const path of Object.keys(__webpack_modules__).filter((path) => OURS_AND_ZOD.test(path))) {
  const loaded = __webpack_module_cache__[path];
  if (loaded !== undefined) Object.freeze(loaded);
}
