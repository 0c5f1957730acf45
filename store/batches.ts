/** Most values of one `in (...)`, far below what either database takes. */
export const IN_LIST_MAX = 500;
/** Most rows of one insert. */
export const INSERT_ROWS_MAX = 50;

/** Cuts a list into parts of at most `size`. */
export function* inParts<Value>(list: readonly Value[], size: number): Generator<readonly Value[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
