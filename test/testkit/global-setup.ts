import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/adapters/db/embedded/embedded-postgres.ts';
import { deployMigrations } from '../../src/adapters/db/migrate/deploy-migrations.ts';

const TEMPLATE = 'paybell_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** One PostgreSQL for the run, and the migrated database that each test file gets a copy of. */
    testServer: { readonly url: string; readonly template: string };
  }
}

/** Starts PostgreSQL for the run and returns what takes it down again. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paybell-test-'));
  const removeFolder = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({ dataDir, fsync: false });
    await makeTemplate(server.url);
    project.provide('testServer', { url: server.url, template: TEMPLATE });
    return async () => {
      await server.stop();
      await removeFolder();
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    const target = new URL(url);
    target.pathname = `/${TEMPLATE}`;
    await deployMigrations(target.href);
    // Nobody may connect any more: a template in use cannot be copied.
    await admin.query(`ALTER DATABASE ${TEMPLATE} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
  } finally {
    await admin.end();
  }
}
