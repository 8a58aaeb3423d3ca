import type { IncomingMessage } from 'node:http';
import type { ExecutionArgs } from 'graphql';
import { GraphQLError } from 'graphql';
import { CloseCode, MessageType } from 'graphql-ws';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { ANONYMOUS, type Actor } from '../domain/access/actor.ts';
import type { Credentials, RequestFacts } from '../graphql/core/context.ts';
import type { GraphQLEngine } from '../graphql/core/engine.ts';
import { unauthenticated } from '../graphql/core/errors.ts';
import { maskError } from '../graphql/core/masking.ts';
import { actorOf, factsOf, newRequestId } from './http-callers.ts';
import type { CallerDeps } from './http-callers.ts';
import { readAuthorization, readCredentials } from './http-credentials.ts';
import { createSharedSubscriptions, type Deliver } from './shared-subscriptions.ts';
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

/** What is kept with a connection. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Set by connection_init. */
  actor?: Actor;
}

type Params = Record<string, unknown>;
type SocketContext = Context<Params, SocketExtra>;
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
    onConnect: async (context) => {
      const actor = await actorOf(credentialsOf(context), deps);
      if (actor === 'invalid') return false;
      context.extra.actor = actor;
      return true;
    },
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
    if (!(await refreshActor(context, deps))) return [unauthenticated('The session or key has ended.')];
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
  return (payload) => void sendBounded(socket, `${head}${payload}}`);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const tooMany = () =>
  new GraphQLError('This connection has too many operations open.', {
    extensions: { code: 'LIMIT_EXCEEDED' },
  });

/**
 * connection_init's `authorization` first, then the upgrade request's headers. A browser cannot add the CSRF header
 * to a socket; its Origin, checked before the upgrade, stands for it, so a cookie without an Origin does not count.
 */
function credentialsOf({ connectionParams, extra }: SocketContext): Credentials | 'invalid' {
  const given = connectionParams?.['authorization'];
  if (given === undefined || given === null) {
    return readCredentials(extra.request.headers, extra.request.headers.origin !== undefined);
  }
  const bearer = typeof given === 'string' ? readAuthorization(given) : null;
  return bearer === null ? 'invalid' : { bearer };
}

/** Each operation has a request id of its own. Rights that are gone close the whole connection. */
function socketFacts({ extra }: SocketContext, deps: SocketOperationsDeps): RequestFacts {
  return {
    ...factsOf(extra.actor ?? ANONYMOUS, extra.request, newRequestId(), deps),
    refuseConnection: () => extra.socket.close(CloseCode.Forbidden, 'Forbidden'),
  };
}

/** An open socket opens nothing for long: its session or key is asked for again before every operation. */
async function refreshActor({ extra }: SocketContext, deps: SocketOperationsDeps): Promise<boolean> {
  const actor = await deps.currentActor(extra.actor ?? ANONYMOUS);
  if (actor) extra.actor = actor;
  else extra.socket.close(CloseCode.Forbidden, 'Forbidden');
  return actor !== null;
}
