/** What has changed between two listings: what is new or other than before, in the order of the second, and what is gone. */
export function changesById<Listed extends { readonly id: string }>(
  before: readonly Listed[],
  after: readonly Listed[],
): { readonly changed: readonly Listed[]; readonly gone: readonly string[] } {
  const old = new Map(before.map((listed) => [listed.id, JSON.stringify(listed)]));
  const left = new Set(old.keys());
  const changed: Listed[] = [];
  for (const listed of after) {
    left.delete(listed.id);
    if (old.get(listed.id) !== JSON.stringify(listed)) changed.push(listed);
  }
  return { changed, gone: [...left] };
}
