import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

// Object ids of built-in types, fixed in PostgreSQL's pg_type.dat.
const CHAR_TYPE = 18;
const BPCHAR_TYPE = 1042;

/** A driver for the schema engine, and the way to close whatever the engine left open. */
export interface MigrationAdapter extends SqlMigrationAwareDriverAdapterFactory {
  close(): Promise<void>;
}

/**
 * Prisma's adapter for pg, with what its version 7.10 gets wrong for migrations put right:
 * its shadow database is the main one when it is given a connection string; it drops the shadow database before it
 * closes its connections to it; it refuses the type "char", which the engine reads from the catalogue; and it splits
 * scripts at every semicolon, so that function bodies break and a failed script stays half applied.
 */
export function createMigrationAdapter(url: string): MigrationAdapter {
  const open = new Set<SqlDriverAdapter>();
  const connect = async (target: string, onDispose: () => Promise<void>): Promise<SqlDriverAdapter> => {
    const adapter = await connectAdapter(target);
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      if (!open.delete(adapter)) return;
      await dispose();
      await onDispose();
    };
    open.add(adapter);
    return adapter;
  };
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(url, () => Promise.resolve()),
    connectToShadowDb: async () => {
      const name = `paybell_shadow_${crypto.randomUUID().replaceAll('-', '')}`;
      await execute(url, `CREATE DATABASE ${name} TEMPLATE template0`);
      return connect(withDatabase(url, name), () =>
        execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    },
    close: async () => {
      for (const adapter of open) await adapter.dispose();
    },
  };
}

async function connectAdapter(url: string): Promise<SqlDriverAdapter> {
  // One connection that is never given up: the engine takes an advisory lock, which belongs to the session.
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
  const charColumns = relabelCharColumns(pool);
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const column of charColumns.get(result.rows) ?? [])
      result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.executeScript = async (script) => {
    // Without arguments pg sends the whole text at once, and PostgreSQL runs it as one transaction.
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return adapter;
}

/** Shows "char" columns to Prisma's adapter as a type it knows, and remembers which ones they were by their rows. */
function relabelCharColumns(pool: pg.Pool): WeakMap<readonly unknown[], number[]> {
  const charColumns = new WeakMap<readonly unknown[], number[]>();
  const relabel = (result: pg.QueryArrayResult): pg.QueryArrayResult => {
    // A script of several statements has a list of results here, and no rows that anyone reads.
    if (Array.isArray(result)) return result;
    const columns: number[] = [];
    for (const [index, field] of result.fields.entries()) {
      if (field.dataTypeID !== CHAR_TYPE) continue;
      field.dataTypeID = BPCHAR_TYPE;
      columns.push(index);
    }
    charColumns.set(result.rows, columns);
    return result;
  };
  const query = pool.query.bind(pool);
  // The cast is for pg's many overloads; Prisma's adapter calls one of them, with an object, and awaits it.
  pool.query = (async (config: pg.QueryArrayConfig) => relabel(await query(config))) as typeof pool.query;
  return charColumns;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
