import pg from 'pg';
import { inject } from 'vitest';

const OBJECT_IN_USE = '55006';
const COPY_ATTEMPTS = 5;

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Closes the pool and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** A migrated database of the test file's own, without rows: a copy of the run's template. */
export function createTestDatabase(): Promise<TestDatabase> {
  return copyDatabase(inject('testServer').template);
}

/** A database without tables, for the tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return copyDatabase('template0');
}

async function copyDatabase(template: string): Promise<TestDatabase> {
  const { url: serverUrl } = inject('testServer');
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, (client) => copy(client, template, name));
  const target = new URL(serverUrl);
  target.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: target.href, max: 20 });
  // The pool ends before its sockets do, and dropping the database cuts those that are left.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    url: target.href,
    pool,
    drop: async () => {
      await pool.end();
      await onServer(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/** PostgreSQL itself waits five seconds for others (autovacuum) to leave the template before it refuses. */
async function copy(client: pg.Client, template: string, name: string, attempt = 1): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } catch (error) {
    const inUse = error instanceof pg.DatabaseError && error.code === OBJECT_IN_USE;
    if (!inUse || attempt === COPY_ATTEMPTS) throw error;
    await copy(client, template, name, attempt + 1);
  }
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
