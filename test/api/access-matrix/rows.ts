import type { Who } from './who.ts';

export type Args = Readonly<Record<string, unknown>>;

/** What is asked of a field, and who gets an answer. */
export interface FieldRow<World> {
  readonly who: Who | ((world: World) => Who);
  /**
   * Arguments of the right form. For a mutation they are refused after the rights were checked, or ask for what is so
   * already: whoever is let through changes nothing either. They are made anew for each caller, so that they may also
   * name a thing that was just made to be lost.
   */
  readonly args?: (world: World) => Args | Promise<Args>;
  /** The code that this field refuses strangers with, where it is not one of the usual ones. */
  readonly refusedAs?: string;
  /** Whether it ends the session that asks: it is asked from one of its own. */
  readonly endsSession?: true;
}

/** Something with a global id, and who sees it. */
export interface NodeRow<World> {
  readonly id: (world: World) => string;
  readonly who: Who | ((world: World) => Who);
}

export interface Matrix<World> {
  /** By `Query.project`, `Mutation.projectCreate`, `Subscription.events`, or `Project.apiKeys` below a node. */
  readonly fields: Readonly<Record<string, FieldRow<World> | readonly FieldRow<World>[]>>;
  /** By type. */
  readonly nodes: Readonly<Record<string, readonly NodeRow<World>[]>>;
}

export const rowsOf = <World>(
  row: FieldRow<World> | readonly FieldRow<World>[] | undefined,
): readonly FieldRow<World>[] => (row === undefined ? [] : isList(row) ? row : [row]);

const isList = <World>(
  row: FieldRow<World> | readonly FieldRow<World>[],
): row is readonly FieldRow<World>[] => Array.isArray(row);

/** The row of a field: who, and what is asked. */
export const row = <World>(
  who: FieldRow<World>['who'],
  args?: FieldRow<World>['args'],
  more: Pick<FieldRow<World>, 'refusedAs' | 'endsSession'> = {},
): FieldRow<World> => ({ who, ...(args ? { args } : {}), ...more });
