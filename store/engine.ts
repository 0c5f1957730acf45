/** Which database a store runs on. */
export type Engine = 'sqlite' | 'postgres';

/** Where a store is. */
export type StoreLocation =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: string };

/** Reads `sqlite:PATH` or `postgres://...`. Throws an error that names what is allowed, never the password. */
export function parseStoreUrl(url: string): StoreLocation {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
    return { engine: 'sqlite', path: url.slice('sqlite:'.length) };
  }
  if (/^postgres(?:ql)?:\/\//.test(url)) return { engine: 'postgres', url };
  const shown = url.replace(/:\/\/.*$/, '://...');
  throw new Error(`The store ${shown} is not allowed; expected sqlite:PATH or postgres://...`);
}
