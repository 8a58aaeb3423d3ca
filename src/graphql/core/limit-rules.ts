import { GraphQLError, Kind } from 'graphql';
import type {
  ASTVisitor,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValidationContext,
} from 'graphql';
import type { Limits } from './limits.ts';

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0 };

/**
 * Refuses operations that are too deep or carry too many aliases or directives, fragments counted at each place
 * where they are spread. Every selection set is measured once, so that nested spreads cost no more than they say.
 */
export function createLimitRule(limits: Limits): (context: ValidationContext) => ASTVisitor {
  return function PaybellLimitsRule(context) {
    const measured = new Map<SelectionSetNode, Size>();
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of context.getDocument().definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    const measureSet = (set: SelectionSetNode): Size => {
      const known = measured.get(set);
      if (known) return known;
      // A fragment that spreads itself is another rule's complaint; here it must only end.
      measured.set(set, NOTHING);
      const size = set.selections.map(measure).reduce(sideBySide, NOTHING);
      measured.set(set, size);
      return size;
    };
    const below = (node: SelectionNode): Size => {
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(node.name.value);
        return fragment ? measureSet(fragment.selectionSet) : NOTHING;
      }
      return node.selectionSet ? measureSet(node.selectionSet) : NOTHING;
    };
    const measure = (node: SelectionNode): Size => {
      const { depth, aliases, directives } = below(node);
      const isField = node.kind === Kind.FIELD;
      return {
        depth: isField ? levels(node.name.value, depth) : depth,
        aliases: aliases + (isField && node.alias ? 1 : 0),
        directives: directives + (node.directives?.length ?? 0),
      };
    };
    return {
      OperationDefinition(operation) {
        const size = measureSet(operation.selectionSet);
        const directives = size.directives + (operation.directives?.length ?? 0);
        for (const error of complaints({ ...size, directives }, limits, operation))
          context.reportError(error);
      },
    };
  };
}

const sideBySide = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
});

/** graphql-js bounds the depth of introspection itself; GraphiQL's own query is deeper than ours. */
const levels = (field: string, depth: number): number =>
  field === '__schema' || field === '__type' ? 1 : depth + 1;

const complaints = (size: Size, limits: Limits, operation: OperationDefinitionNode): GraphQLError[] =>
  (['depth', 'aliases', 'directives'] as const)
    .filter((kind) => size[kind] > limits[kind])
    .map((kind) => tooMuch(kind, size[kind], limits[kind], operation));

const tooMuch = (kind: string, found: number, limit: number, node: OperationDefinitionNode): GraphQLError =>
  new GraphQLError(`The operation's ${kind} (${found}) exceed what is allowed (${limit}).`, {
    nodes: node,
    extensions: { code: 'LIMIT_EXCEEDED', limit: { kind, found, allowed: limit } },
  });
