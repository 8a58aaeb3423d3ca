import { complexityFromQuery } from '@pothos/plugin-complexity';
import type { ExecutionResult } from 'graphql';
import { getOperationAST, GraphQLError, Kind, visit } from 'graphql';
import type { DocumentNode, ExecutionArgs, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';

interface Cost {
  readonly estimated: number;
  readonly limit: number;
}

/**
 * Refuses operations that cost more than the limit and tells the cost of each in `extensions.cost`. The single
 * events of a subscription do not repeat it.
 */
export function useCost(limit: number): Plugin {
  const estimate = createEstimator();
  const refusalOf = (args: ExecutionArgs): { cost?: Cost; refusal?: ExecutionResult } => {
    const estimated = estimate(args);
    if (estimated === null) return {};
    const cost = { estimated, limit };
    return estimated > limit ? { cost, refusal: refusal(cost) } : { cost };
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { cost, refusal } = refusalOf(args);
      if (refusal) setResultAndStopExecution(refusal);
      if (!cost || refusal) return;
      return {
        onExecuteDone({ result, setResult }) {
          if (!(Symbol.asyncIterator in result)) {
            setResult({ ...result, extensions: { ...result.extensions, cost } });
          }
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { refusal } = refusalOf(args);
      if (refusal) setResultAndStopExecution(refusal);
    },
  };
}

function refusal(cost: Cost): ExecutionResult {
  const message = `The operation costs ${cost.estimated} points; ${cost.limit} are allowed.`;
  const extensions = {
    code: 'LIMIT_EXCEEDED',
    limit: { kind: 'cost', found: cost.estimated, allowed: cost.limit },
  };
  return { errors: [new GraphQLError(message, { extensions })], extensions: { cost } };
}

/**
 * Null where the operation or its variables are malformed: execution says so better. An operation is measured once
 * unless a variable sets the size of a page; a `complexity` function of a field may look at no other argument.
 */
function createEstimator(): (args: ExecutionArgs) => number | null {
  const fixed = new WeakMap<DocumentNode, number>();
  return ({ document, schema, variableValues, operationName }) => {
    const known = fixed.get(document);
    if (known !== undefined) return known;
    const operation = getOperationAST(document, operationName);
    if (!operation) return null;
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
    const cost = complexityOf(alone, schema, variableValues ?? {});
    const isAlone = document.definitions.length === alone.definitions.length;
    if (cost !== null && isAlone && !hasVariablePage(document)) fixed.set(document, cost);
    return cost;
  };
}

function hasVariablePage(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Argument({ name, value }) {
      if ((name.value === 'first' || name.value === 'last') && value.kind === Kind.VARIABLE) found = true;
    },
  });
  return found;
}

function complexityOf(
  document: DocumentNode,
  schema: GraphQLSchema,
  variables: { readonly [name: string]: unknown },
): number | null {
  try {
    return complexityFromQuery(document, { schema, variables }).complexity;
  } catch {
    return null;
  }
}
