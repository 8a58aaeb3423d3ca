import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/adapters/db/embedded/embedded-postgres.ts';
import { deployMigrations } from '../../../src/adapters/db/migrate/deploy-migrations.ts';
import { seedMerchant } from './seed-merchant.ts';

export interface BenchServer {
  /** A database with one merchant of ours and no invoices. Gives its address. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const TEMPLATE = 'bench_template';

/** A PostgreSQL of the bench's own in a temporary folder, which writes to the disk as a real one does (fsync on). */
export async function startBenchServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paybell-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const addressOf = (name: string): string => {
    const address = new URL(server.url);
    address.pathname = `/${name}`;
    return address.href;
  };
  try {
    await run(server.url, `CREATE DATABASE ${TEMPLATE}`);
    await deployMigrations(addressOf(TEMPLATE));
    await seedMerchant(addressOf(TEMPLATE));
  } catch (error) {
    await stop();
    throw error;
  }
  let made = 0;
  return {
    stop,
    async createDatabase() {
      const name = `bench_${++made}`;
      await run(server.url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
      return addressOf(name);
    },
  };
}

/** Runs statements on a connection of their own. */
export async function run(url: string, ...statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let last = await client.query('SELECT 1');
    for (const statement of statements) last = await client.query(statement);
    return last;
  } finally {
    await client.end();
  }
}
