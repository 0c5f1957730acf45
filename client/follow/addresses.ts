/** Where a job's stream and its present state are read. */
export interface JobAddresses {
  readonly stream: string;
  readonly job: string;
}

/**
 * Both addresses of a job from either. In a browser the address may be relative to the page.
 * @throws {TypeError} when it is no URL.
 */
export function addressesOf(url: string | URL): JobAddresses {
  const address = new URL(url, pageAddress());
  const path = address.pathname.replace(/\/stream\/?$/, '').replace(/\/$/, '');
  return { stream: withPath(address, `${path}/stream`), job: withPath(address, path) };
}

function withPath(address: URL, pathname: string): string {
  const changed = new URL(address);
  changed.pathname = pathname;
  return changed.href;
}

function pageAddress(): string | undefined {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  return location?.href;
}
