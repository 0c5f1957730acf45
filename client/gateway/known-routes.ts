import type { GatewayApp } from './app.js';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** Remembers every route added from now on; returns which methods there are at a path. */
export function knowRoutes(app: GatewayApp): (path: string) => readonly string[] {
  const known: KnownRoute[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    known.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  return (path) => {
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  };
}

/** `/api/instances/:id/gaps` as an expression; a parameter is one part of a path, without or with something after it. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:[A-Za-z]+|\*)/);
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.\\+^${}()|[\]?]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
