import { getOperationAST, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, ExecutionArgs, SelectionSetNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestFacts } from './context.ts';
import { sessionLocked } from './errors.ts';

/** What a session that waits for its PIN may ask for (FEATURES A7). */
const OPEN_WHILE_LOCKED: ReadonlySet<string> = new Set(['sessionUnlock', 'sessionEnd', '__typename']);

/** Answers SESSION_LOCKED to all that a locked session asks for but unlocking and ending it. */
export function useLocked(): Plugin<Pick<RequestFacts, 'actor'>> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      if (isRefused(args)) setResultAndStopExecution({ data: null, errors: [sessionLocked()] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      if (isRefused(args)) setResultAndStopExecution({ errors: [sessionLocked()] });
    },
  };
}

function isRefused({ document, operationName, contextValue }: ExecutionArgs): boolean {
  if ((contextValue as Pick<RequestFacts, 'actor'>).actor.type !== 'LOCKED') return false;
  const operation = getOperationAST(document, operationName);
  if (!operation || operation.operation !== OperationTypeNode.MUTATION) return true;
  return rootFields(document, operation.selectionSet).some((name) => !OPEN_WHILE_LOCKED.has(name));
}

/** The fields at the top of an operation, also those in fragments. Validation has refused circles of them. */
const rootFields = (document: DocumentNode, { selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet);
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value
        ? rootFields(document, definition.selectionSet)
        : [],
    );
  });
