/** An answer as it came. An open stream is one without errors. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: unknown };
  }[];
}

/** `EMPTY` is null without an error: nothing is told, whether or not there is a right to see it. */
export type Verdict = 'LET_THROUGH' | 'TURNED_AWAY' | 'EMPTY' | 'FAULT';

const TURNED_AWAY: ReadonlySet<unknown> = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'SESSION_LOCKED']);
/** What nobody may be answered with, whatever the rights. */
const FAULTS: ReadonlySet<unknown> = new Set([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
]);

/** What became of a request for `path`, such as ["node", "apiKeys"]. */
export function verdictOf({ data, errors }: Answer, path: readonly string[], refusedAs?: string): Verdict {
  const codes = errors?.map(({ extensions }) => extensions?.code) ?? [];
  if (codes.some((code) => TURNED_AWAY.has(code) || (refusedAs !== undefined && code === refusedAs))) {
    return 'TURNED_AWAY';
  }
  if (codes.some((code) => FAULTS.has(code))) return 'FAULT';
  if (codes.length > 0) return 'LET_THROUGH';
  const value = valueAt(data, path);
  if (value === null || value === undefined) return 'EMPTY';
  return isNotFound(value) ? 'EMPTY' : 'LET_THROUGH';
}

const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), data);

const isNotFound = (value: unknown): boolean => isRecord(value) && value['code'] === 'NOT_FOUND';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The things in an answer's data whose fields are shown, as `Type id`. An id alone tells nothing. */
export function thingsIn(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const below = Object.values(value).flatMap(thingsIn);
  const { __typename: type, id } = value;
  return typeof type === 'string' && typeof id === 'string' ? [`${type} ${id}`, ...below] : below;
}
