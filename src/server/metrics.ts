import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** Measures until the response ends. Event streams are left out: they last as long as someone listens. */
  timeRequest(request: IncomingMessage, response: ServerResponse, route: string): void;
  socketOpened(): void;
  socketClosed(): void;
  /** One live event was handed to subscribers; lag in seconds since its transaction. */
  eventDispatched(type: string, lagSeconds: number): void;
  /** Asks for the number of waiting jobs at each scrape. */
  watchJobs(countWaiting: () => Promise<number>): void;
  /** Counts operations by kind and outcome. */
  readonly graphqlPlugin: Plugin;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const http = new Histogram({
    name: 'paybell_http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const sockets = new Gauge({ name: 'paybell_websockets', help: 'Open WebSocket connections', registers });
  const events = new Counter({
    name: 'paybell_events_dispatched_total',
    help: 'Live events handed to subscribers',
    labelNames: ['type'],
    registers,
  });
  const lag = new Histogram({
    name: 'paybell_event_lag_seconds',
    help: 'Time from an event to its live dispatch',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  });
  return {
    registry,
    timeRequest(request, response, route) {
      if ((request.headers.accept ?? '').includes('text/event-stream')) return;
      const stop = http.startTimer({ route, method: knownMethod(request.method) });
      response.once('close', () => stop({ status: response.statusCode }));
    },
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    eventDispatched(type, lagSeconds) {
      events.inc({ type });
      lag.observe(lagSeconds);
    },
    watchJobs(countWaiting) {
      const waiting = new Gauge({
        name: 'paybell_jobs_waiting',
        help: 'Jobs that wait to be run',
        registers: [],
        async collect() {
          this.set(await countWaiting());
        },
      });
      registry.registerMetric(waiting);
    },
    graphqlPlugin: countOperations(registry),
  };
}

/** A label that callers choose freely would grow the registry without bound. */
const knownMethod = (method: string | undefined): string =>
  method === 'GET' || method === 'POST' || method === 'OPTIONS' ? method : 'other';

function countOperations(registry: Registry): Plugin {
  const operations = new Counter({
    name: 'paybell_graphql_operations_total',
    help: 'GraphQL operations by kind and outcome',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  });
  const kindOf = ({ document, operationName }: ExecutionArgs): string =>
    getOperationAST(document, operationName)?.operation ?? 'unknown';
  const outcomeOf = (result: ExecutionResult): string => (result.errors ? 'error' : 'ok');
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result }) {
        if (Symbol.asyncIterator in result) return;
        operations.inc({ kind: kindOf(args), outcome: outcomeOf(result) });
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result }) {
        operations.inc({
          kind: kindOf(args),
          outcome: Symbol.asyncIterator in result ? 'ok' : outcomeOf(result),
        });
      },
    }),
  };
}
