/** Id of an instance, which is also that of its workflow: `kind/name`. */
export function instanceIdOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
