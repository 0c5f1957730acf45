/** Search attributes of every instance, all of type Keyword. `holdfast setup` and `up` create them. */
export const SEARCH_ATTRIBUTES = {
  kind: 'HoldfastKind',
  state: 'HoldfastState',
  host: 'HoldfastHost',
} as const;
