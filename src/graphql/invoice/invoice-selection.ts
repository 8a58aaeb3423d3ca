import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

const CHILDREN = new Set(['quotes', 'payments']);

/** The answer for a selection, which a cached document brings again and again. */
const known = new WeakMap<SelectionSetNode, boolean>();

/** Whether quotes or payments are selected anywhere below the field: an invoice without them is cheaper to read. */
export const asksForChildren = ({ fieldNodes, fragments }: GraphQLResolveInfo): boolean =>
  fieldNodes.some(({ selectionSet }) => selectionSet && selects(selectionSet, fragments));

function selects(set: SelectionSetNode, fragments: GraphQLResolveInfo['fragments']): boolean {
  const before = known.get(set);
  if (before !== undefined) return before;
  const found = set.selections.some((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = fragments[selection.name.value];
      return fragment !== undefined && selects(fragment.selectionSet, fragments);
    }
    if (selection.kind === Kind.FIELD && CHILDREN.has(selection.name.value)) return true;
    return selection.selectionSet !== undefined && selects(selection.selectionSet, fragments);
  });
  known.set(set, found);
  return found;
}
