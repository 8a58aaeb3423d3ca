/** Pothos repeats the caller's cursors on an empty page, where there is no first and no last row. */
export const withoutCursorsIfEmpty = <C extends { edges: unknown; pageInfo: object }>(connection: C): C =>
  Array.isArray(connection.edges) && connection.edges.length === 0
    ? { ...connection, pageInfo: { ...connection.pageInfo, startCursor: null, endCursor: null } }
    : connection;
