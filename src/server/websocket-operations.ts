import type { ExecutionArgs } from 'graphql';
import { GraphQLError } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { GraphQLEngine } from '../graphql/core/engine.ts';
import { unauthenticated } from '../graphql/core/errors.ts';
import { maskError } from '../graphql/core/masking.ts';
import type { CallerDeps } from './http-callers.ts';
import { createSharedSubscriptions, type Deliver } from './shared-subscriptions.ts';
import { connect, refreshActor, socketFacts } from './websocket-callers.ts';
import type { Params, SocketContext, SocketExtra } from './websocket-callers.ts';
import { sendBounded } from './websocket-send.ts';

/** Runs a subscription: the place where equal ones can share one execution. */
export type RunSubscription = (
  args: ExecutionArgs,
  run: GraphQLEngineSubscribe,
) => ReturnType<GraphQLEngineSubscribe>;
type GraphQLEngineSubscribe = ReturnType<GraphQLEngine['getEnveloped']>['subscribe'];

export interface SocketOperationsDeps extends CallerDeps {
  readonly engine: GraphQLEngine;
  readonly introspection: boolean;
  /** Operations that one connection may have open. */
  readonly maxOperations?: number;
}

type Hooks = Pick<
  ServerOptions<Params, SocketExtra>,
  'onConnect' | 'onSubscribe' | 'onError' | 'execute' | 'subscribe'
>;

const MAX_OPERATIONS = 50;

/** What the protocol does with an operation: the engine's limits, context and masking, as over HTTP. */
export function createSocketOperations(deps: SocketOperationsDeps): Hooks {
  const running = new WeakMap<ExecutionArgs, Operation>();
  const operationOf = (args: ExecutionArgs): Operation => {
    const operation = running.get(args);
    if (!operation) throw new Error('operation was not prepared here');
    return operation;
  };
  const shared = createSharedSubscriptions();
  return {
    // false makes the protocol close with 4403.
    onConnect: (context) => connect(context, deps),
    onSubscribe: (context, id, payload) => {
      if (Object.keys(context.subscriptions).length > (deps.maxOperations ?? MAX_OPERATIONS))
        return [tooMany()];
      return prepare(context, id, payload);
    },
    onError: (context, _id, _payload, errors) => {
      const facts = socketFacts(context, deps);
      const scope = { ...facts, hideSuggestions: !deps.introspection };
      return errors.map((error) => maskError(error, scope).toJSON());
    },
    execute: (args: ExecutionArgs) => operationOf(args).enveloped.execute(args),
    subscribe: (args: ExecutionArgs) => {
      const { enveloped, deliver } = operationOf(args);
      return shared.run(args, enveloped.subscribe, deliver);
    },
  };

  async function prepare(context: SocketContext, id: string, payload: SubscribePayload) {
    if (!(await refreshActor(context, deps)))
      return [unauthenticated('The session or key has ended, or is locked.')];
    const enveloped = deps.engine.getEnveloped({ facts: socketFacts(context, deps), params: payload });
    const { parse, validate, contextFactory, schema } = enveloped;
    try {
      const document = parse(payload.query);
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      const args: ExecutionArgs = {
        schema,
        document,
        operationName: payload.operationName ?? null,
        variableValues: payload.variables ?? null,
        contextValue: await contextFactory(),
      };
      running.set(args, { enveloped, deliver: deliverTo(context.extra.socket, id) });
      return args;
    } catch (error) {
      return [
        error instanceof GraphQLError
          ? error
          : new GraphQLError('unexpected', { originalError: asError(error) }),
      ];
    }
  }
}

interface Operation {
  readonly enveloped: ReturnType<GraphQLEngine['getEnveloped']>;
  readonly deliver: Deliver;
}

/** Puts a shared result into the frame of one operation: the text of the result is the same for all. */
function deliverTo(socket: WebSocket, id: string): Deliver {
  const head = `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`;
  return (payload) => sendBounded(socket, `${head}${payload}}`);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const tooMany = () =>
  new GraphQLError('This connection has too many operations open.', {
    extensions: { code: 'LIMIT_EXCEEDED' },
  });
