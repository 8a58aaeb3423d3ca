import type { IncomingMessage, ServerResponse } from 'node:http';
import { getOperationAST } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Channel } from '../domain/event/event-row.ts';

/** Null until the figure is known in this process. */
export interface NetworkFigures {
  readonly network: string;
  readonly height: bigint | null;
  readonly lag: bigint | null;
}

/** Null until the source answered in this process. */
export interface RateFigures {
  readonly source: string;
  readonly ageSeconds: number | null;
}

/** How messages fare. */
export interface DeliveryMetrics {
  /** One attempt to send: `outcome` is what the sender said of it, from a fixed set. */
  attempted(channel: Channel, outcome: string, seconds: number): void;
}

/** Null until the figure is known in this process. */
export type ChannelFigures = readonly { readonly channel: string; readonly count: number }[] | null;

/** Null when they cannot be told now. */
export type LabelledFigures =
  | readonly { readonly labels: Readonly<Record<string, string>>; readonly count: number }[]
  | null;

export interface Metrics extends DeliveryMetrics {
  readonly registry: Registry;
  /** Measures until the response ends. Event streams are left out: they last as long as someone listens. */
  timeRequest(request: IncomingMessage, response: ServerResponse, route: string): void;
  socketOpened(): void;
  socketClosed(): void;
  /** A figure that is asked for at each scrape; null leaves it out. */
  gauge(name: string, help: string, read: () => number | null | Promise<number | null>): void;
  /** Height and lag of each network that this process watches, asked for at each scrape. */
  networks(read: () => readonly NetworkFigures[]): void;
  /** The age of the newest rate of each source that this process asks, at each scrape. */
  rates(read: () => readonly RateFigures[]): void;
  /** Messages that wait, by channel, asked for at each scrape. */
  waiting(read: () => Promise<ChannelFigures>): void;
  /** Figures with labels, asked for at each scrape; null leaves all of them out. */
  figures(name: string, help: string, labels: readonly string[], read: () => Promise<LabelledFigures>): void;
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
  return {
    registry,
    timeRequest(request, response, route) {
      if ((request.headers.accept ?? '').includes('text/event-stream')) return;
      const stop = http.startTimer({ route, method: knownMethod(request.method) });
      response.once('close', () => stop({ status: response.statusCode }));
    },
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    gauge(name, help, read) {
      const figure = new Gauge({
        name: `paybell_${name}`,
        help,
        registers: [],
        async collect() {
          const value = await read();
          if (value === null) this.remove();
          else this.set(value);
        },
      });
      registry.registerMetric(figure);
    },
    networks(read) {
      const figure = (name: 'height' | 'lag', help: string) =>
        new Gauge({
          name: `paybell_network_${name}_blocks`,
          help,
          labelNames: ['network'],
          registers,
          collect() {
            for (const row of read())
              if (row[name] !== null) this.set({ network: row.network }, Number(row[name]));
          },
        });
      figure('height', 'Highest block taken in');
      figure('lag', 'Blocks of the node that are not taken in yet');
    },
    rates: (read) => rateAges(registry, read),
    attempted: countAttempts(registry),
    waiting: (read) => waitingByChannel(registry, read),
    figures: (name, help, labels, read) => labelledFigures(registry, { name, help, labels }, read),
    graphqlPlugin: countOperations(registry),
  };
}

function rateAges(registry: Registry, read: () => readonly RateFigures[]): void {
  const figure = new Gauge({
    name: 'paybell_rate_age_seconds',
    help: 'Age of the newest rate of a source',
    labelNames: ['source'],
    registers: [],
    collect() {
      for (const { source, ageSeconds } of read()) if (ageSeconds !== null) this.set({ source }, ageSeconds);
    },
  });
  registry.registerMetric(figure);
}

function countAttempts(registry: Registry): DeliveryMetrics['attempted'] {
  const registers = [registry];
  const labelNames = ['channel', 'outcome'];
  const attempts = new Counter({
    name: 'paybell_deliveries_total',
    help: 'Attempts to send a message, by channel and outcome',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'paybell_delivery_duration_seconds',
    help: 'Time that an attempt to send a message took',
    labelNames: ['channel'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  return (channel, outcome, seconds) => {
    attempts.inc({ channel, outcome });
    durations.observe({ channel }, seconds);
  };
}

function waitingByChannel(registry: Registry, read: () => Promise<ChannelFigures>): void {
  const figure = new Gauge({
    name: 'paybell_deliveries_pending',
    help: 'Messages not sent yet; counted up to a bound',
    labelNames: ['channel'],
    registers: [],
    async collect() {
      const figures = await read();
      this.reset();
      for (const { channel, count } of figures ?? []) this.set({ channel }, count);
    },
  });
  registry.registerMetric(figure);
}

function labelledFigures(
  registry: Registry,
  {
    name,
    help,
    labels,
  }: { readonly name: string; readonly help: string; readonly labels: readonly string[] },
  read: () => Promise<LabelledFigures>,
): void {
  const figure = new Gauge({
    name: `paybell_${name}`,
    help,
    labelNames: [...labels],
    registers: [],
    async collect() {
      const figures = await read();
      this.reset();
      for (const row of figures ?? []) this.set(row.labels, row.count);
    },
  });
  registry.registerMetric(figure);
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
