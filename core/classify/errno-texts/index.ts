import { LOCAL_ERRNO_TEXTS } from './local.js';
import { NETWORK_ERRNO_TEXTS } from './network.js';

/**
 * What the C library and Windows print for the system errors that decide a cause, in the languages whose
 * catalogues are common. All lower case; each is long enough to mean nothing else.
 */
export const ERRNO_TEXTS: Readonly<Record<string, readonly string[]>> = {
  ...LOCAL_ERRNO_TEXTS,
  ...NETWORK_ERRNO_TEXTS,
};
