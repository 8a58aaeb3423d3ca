import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { startEmbeddedPostgres } from '../../adapters/db/embedded/embedded-postgres.ts';
import { checkHistory } from '../../adapters/db/migrate/check-migrations.ts';
import { deployMigrations } from '../../adapters/db/migrate/deploy-migrations.ts';
import { PrismaClient } from '../../generated/prisma/client.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Shutdown } from '../shutdown.ts';

export interface DatabaseOptions {
  /** Null starts the embedded PostgreSQL in `dataDir`. */
  readonly url: string | null;
  readonly dataDir: string;
  readonly poolSize: number;
  /** Applies what is missing at start; production runs `migrate:deploy` first and only checks here. */
  readonly migrate: boolean;
}

export interface Database {
  readonly url: string;
  readonly pool: Pool;
  readonly prisma: PrismaClient;
}

/** A statement that runs longer has lost its caller (QUALITY, security 11). */
const STATEMENT_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens the database and brings its tables up to date. Prisma and the prepared statements share one pool. */
export async function openDatabase(
  options: DatabaseOptions,
  shutdown: Shutdown,
  log: Logger,
): Promise<Database> {
  const url = options.url ?? (await startEmbedded(options.dataDir, shutdown, log));
  if (options.migrate) {
    const applied = await deployMigrations(url);
    if (applied.length > 0) log.info({ applied }, 'migrations applied');
  } else {
    await checkHistory(url);
  }
  const pool = new Pool({
    connectionString: url,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'paybell',
  });
  // An idle connection that breaks is replaced at the next use.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  shutdown.add('database', async () => {
    await prisma.$disconnect();
    if (!pool.ended) await pool.end();
  });
  return { url, pool, prisma };
}

async function startEmbedded(dataDir: string, shutdown: Shutdown, log: Logger): Promise<string> {
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(dataDir, 'postgres'),
    log: (message) => log.info({}, message),
  });
  shutdown.add('embedded PostgreSQL', () => postgres.stop());
  return postgres.url;
}
