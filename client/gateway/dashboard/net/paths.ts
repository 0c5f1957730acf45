/**
 * An address of the gateway, from the page on: a proxy may serve the page under a path of its own.
 * @param path as the gateway itself knows it, e.g. `/api/about`
 */
export function gatewayPath(path: string): string {
  return `${pagePath()}${path.slice(1)}`;
}

/** Path of the page, with a slash at its end. */
export function pagePath(): string {
  return new URL('.', document.baseURI).pathname;
}

/** Where an instance is asked for. */
export function instancePath(id: string, rest = ''): string {
  return gatewayPath(`/api/instances/${encodeURIComponent(id)}${rest}`);
}

/** Where a job is asked for. */
export function jobPath(id: string, rest = ''): string {
  return gatewayPath(`/api/jobs/${encodeURIComponent(id)}${rest}`);
}
