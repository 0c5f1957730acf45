/** No TCP or TLS connection within this time means that nobody is there. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** A site that has not begun to answer by then will not. */
export const HEADERS_TIMEOUT_MS = 20_000;
/** Between two pieces of a body. */
export const BODY_TIMEOUT_MS = 20_000;
/** Pages of sites are below 1 MiB; this only keeps an endless answer out of memory. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;
/** More hops than this is a circle. */
export const REDIRECTS_MAX = 5;
