import { getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { RequestFacts } from './context.ts';

type ActivityFacts = Pick<RequestFacts, 'actor' | 'declaredActivity' | 'log'>;

/**
 * Notes activity once an execution (RULES 13): a mutation is something that the person does, a query only where the
 * request says so. Subscriptions, pings and open sockets are none.
 *
 * @param note may fail: the request goes on without
 */
export function useActivity(note: (actor: RequestFacts['actor']) => Promise<void>): Plugin<ActivityFacts> {
  return {
    onExecute({ args }) {
      const { actor, declaredActivity, log } = args.contextValue;
      if (actor.type !== 'USER' && actor.type !== 'OPERATOR') return undefined;
      const operation = getOperationAST(args.document, args.operationName)?.operation;
      if (operation !== OperationTypeNode.MUTATION && declaredActivity !== true) return undefined;
      return note(actor).catch((error: unknown) => log.error({ err: error }, 'activity was not noted'));
    },
  };
}
