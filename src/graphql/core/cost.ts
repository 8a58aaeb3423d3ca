import type { FieldComplexityValue } from '@pothos/plugin-complexity';
import { isListType, isNonNullType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';
import { DEFAULT_PAGE } from './input-refusals.plugin.ts';

/** Rows that a list without a page size is taken to have. */
const LIST_ROWS = 10;

interface CostedField {
  readonly name: string;
  readonly type: GraphQLOutputType;
  readonly args: readonly { readonly name: string }[];
}

/**
 * What a field costs: one, and what is selected below it as often as it has rows. A connection has as many as
 * were asked for, and its `edges` are those same rows.
 */
export function fieldCost(
  args: Record<string, unknown>,
  _context: unknown,
  field: CostedField,
): FieldComplexityValue {
  const isPaged = field.args.some(({ name }) => name === 'first' || name === 'last');
  if (isPaged) return { field: 1, multiplier: pageSize(args) };
  const isRows = isList(field.type) && field.name !== 'edges' && field.name !== 'nodes';
  return { field: 1, multiplier: isRows ? LIST_ROWS : 1 };
}

const pageSize = ({ first, last }: Record<string, unknown>): number =>
  typeof first === 'number' ? first : typeof last === 'number' ? last : DEFAULT_PAGE;

const isList = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) ? isList(type.ofType) : isListType(type);
