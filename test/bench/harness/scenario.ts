import type { BenchServer } from './bench-database.ts';
import type { Server } from './servers.ts';
import { ratio, type Samples, type Spread } from './rounds.ts';

export interface BenchContext {
  readonly postgres: BenchServer;
  /** The short form proves that everything works. */
  readonly isShort: boolean;
  readonly rounds: number;
  /** Length of one turn under load. */
  readonly milliseconds: number;
  /** Folder for CPU profiles of the product, if they are wanted. */
  readonly profileTo: string | undefined;
}

/** One comparison within the run: the only kind of figure that counts. */
export interface Ratio {
  readonly name: string;
  readonly over: string;
  readonly under: string;
  readonly figure: string;
  readonly value: Spread;
}

export interface ScenarioResult {
  readonly samples: Samples;
  readonly ratios: readonly Ratio[];
}

export interface Scenario {
  readonly name: string;
  run(context: BenchContext): Promise<ScenarioResult>;
}

/** Uses the servers and stops them, whatever happens. */
export async function withServers<T>(
  starts: readonly (() => Promise<Server>)[],
  use: (servers: readonly Server[]) => Promise<T>,
): Promise<T> {
  const servers: Server[] = [];
  try {
    for (const start of starts) servers.push(await start());
    return await use(servers);
  } finally {
    await Promise.all(servers.map(({ child }) => child.stop()));
  }
}

/** The servers of a list that has them all. */
export function serverAt(servers: readonly Server[], place: number): Server {
  const server = servers[place];
  if (!server) throw new Error(`no server ${place}`);
  return server;
}

export const globalInvoiceId = (uuid: string): string => Buffer.from(`Invoice:${uuid}`).toString('base64url');

/** The data of a GraphQL answer. Throws when it has errors. */
export function dataOf(body: string): unknown {
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(`refused: ${body}`);
  return data;
}

export const compare = (
  samples: Samples,
  name: string,
  over: string,
  under: string,
  figure = 'perSecond',
): Ratio => ({ name, over, under, figure, value: ratio(samples, figure, over, under) });
