/** The environment variables that say where programs are. */
export interface ProgramEnvironment {
  readonly PATH?: string | undefined;
  readonly HOME?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
  readonly HOLDFAST_CACHE?: string | undefined;
}

/** The folder that `scripts/setup` fills, one for all clones of a user; undefined without a home. */
export function cacheFolder(environment: ProgramEnvironment): string | undefined {
  if (environment.HOLDFAST_CACHE) return environment.HOLDFAST_CACHE;
  if (environment.XDG_CACHE_HOME) return `${environment.XDG_CACHE_HOME}/holdfast`;
  return environment.HOME ? `${environment.HOME}/.cache/holdfast` : undefined;
}

/** Paths at which a program may be, best first: the folders of PATH, then the cache. */
export function programCandidates(program: string, environment: ProgramEnvironment): readonly string[] {
  const folders = (environment.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const cache = cacheFolder(environment);
  return [...folders, ...(cache === undefined ? [] : [`${cache}/bin`])].map(
    (folder) => `${folder}/${program}`,
  );
}
