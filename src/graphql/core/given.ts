/** What a filter says: conditions that are left out or null are none, and a value named twice is one. */
export const given = <T extends object>(filter: T) =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]: [string, unknown]) =>
      value === null || value === undefined
        ? []
        : [[name, Array.isArray(value) ? [...new Set<unknown>(value)] : value]],
    ),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
