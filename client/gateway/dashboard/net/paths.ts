/** Where an instance is asked for. */
export function instancePath(id: string, rest = ''): string {
  return `/api/instances/${encodeURIComponent(id)}${rest}`;
}

/** Where a job is asked for. */
export function jobPath(id: string, rest = ''): string {
  return `/api/jobs/${encodeURIComponent(id)}${rest}`;
}
