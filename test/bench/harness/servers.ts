import { randomBytes } from 'node:crypto';
import { startChild, type Child } from './child-process.ts';
import { runLoad, type Exchange } from './http-load.ts';
import type { Contestant, Sample } from './rounds.ts';

/** A server under test, in a process of its own. */
export interface Server {
  readonly url: string;
  readonly child: Child;
}

export interface ServerOptions {
  readonly databaseUrl: string;
  readonly profileTo?: string | undefined;
}

/** Database connections of each server: the product's default. */
const POOL_SIZE = '10';

/** The product as in production, with the role that serves the API. */
export const startPaybell = (options: ServerOptions): Promise<Server> =>
  startServer(new URL('../children/gateway-process.ts', import.meta.url), options, {
    NODE_ENV: 'production',
    ROLES: 'api',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'error',
    PUBLIC_URL: 'https://bench.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    // All clients of the bench have one address, and most one key.
    CONNECTIONS_PER_ADDRESS: '0',
    CONNECTIONS_PER_ACCOUNT: '0',
    SECRET_KEY: randomBytes(32).toString('base64'),
  });

/** What the secrets of seeded webhook endpoints are sealed with. */
export const BENCH_KEY = randomBytes(32);

/** The product in the role that sends; not as in production, which sends no webhooks to its own machine. */
export const startWorker = (options: ServerOptions): Promise<Server> =>
  startServer(new URL('../children/gateway-process.ts', import.meta.url), options, {
    NODE_ENV: 'development',
    ROLES: 'worker',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'error',
    SECRET_KEY: BENCH_KEY.toString('base64'),
    WEBHOOK_ALLOW_PRIVATE: 'true',
    WEBHOOK_TIMEOUT_SECONDS: '1',
  });

export const startBare = (options: ServerOptions): Promise<Server> =>
  startServer(new URL('../children/bare-server.ts', import.meta.url), options, {});

async function startServer(
  file: URL,
  { databaseUrl, profileTo }: ServerOptions,
  env: Readonly<Record<string, string>>,
): Promise<Server> {
  const child = await startChild(file, {
    place: 'server',
    env: { NODE_ENV: 'production', DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: POOL_SIZE, ...env },
    profileTo,
  });
  return { child, url: await child.call<string>('url') };
}

/** A contestant that answers HTTP requests: rate, latencies, and the server's processor time for each answer. */
export function httpContestant(
  name: string,
  { url, child }: Server,
  milliseconds: number,
  next: () => Exchange,
): Contestant {
  return {
    name,
    async run(): Promise<Sample> {
      const before = await child.call<number>('cpu');
      const { answers, perSecond, p50, p99 } = await runLoad({ url, milliseconds, next });
      const cpu = (await child.call<number>('cpu')) - before;
      return { perSecond, p50, p99, cpuMsPerAnswer: cpu / answers, answers };
    },
  };
}
