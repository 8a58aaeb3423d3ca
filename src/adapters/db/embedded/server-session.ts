import { realpathSync } from 'node:fs';
import pg from 'pg';
import { SUPERUSER, type Cluster } from './cluster.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 2000;
/** Any fixed number: the advisory lock that every user of the server shares. */
const IN_USE_LOCK = 7_295_235;

/** The address of a database on the cluster's server. */
export function databaseUrl(cluster: Cluster, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** Whether this very cluster answers on the port; another program may have got a port that a killed server had. */
export async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const client = newClient(cluster, port);
  try {
    await client.connect();
    const result = await client.query<{ data_directory: string }>('SHOW data_directory');
    const folder = result.rows[0]?.data_directory;
    return folder !== undefined && realpathSync(folder) === realpathSync(cluster.folder);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates the database when it is not there. Call it under the start lock. */
export async function ensureDatabase(cluster: Cluster, port: number, database: string): Promise<void> {
  const client = newClient(cluster, port);
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/** A session that says "this process uses the server". A killed process loses it, so it cannot go stale. */
export interface UseMark {
  /** Takes the mark away; true when nobody else has one. Call it under the start lock. */
  withdraw(): Promise<boolean>;
}

/** Marks the server as used by this process. Call it under the start lock. */
export async function markInUse(cluster: Cluster, port: number): Promise<UseMark> {
  const client = newClient(cluster, port);
  await client.connect();
  await client.query('SELECT pg_advisory_lock_shared($1)', [IN_USE_LOCK]);
  return {
    withdraw: async () => {
      try {
        await client.query('SELECT pg_advisory_unlock_shared($1)', [IN_USE_LOCK]);
        const alone = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [
          IN_USE_LOCK,
        ]);
        return alone.rows[0]?.alone === true;
      } catch {
        // The server ended and took the mark along; whoever started it again marked that one.
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

function newClient(cluster: Cluster, port: number): pg.Client {
  const client = new pg.Client({
    connectionString: databaseUrl(cluster, port, 'postgres'),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    application_name: 'paybell-embedded',
  });
  // Without a listener the end of the server would end this process. Each query reports the fault itself.
  client.on('error', () => undefined);
  return client;
}
