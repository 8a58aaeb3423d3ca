import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../adapters/db/embedded/embedded-postgres.ts';

/** Lends a fresh PostgreSQL, gone with its files afterwards. */
export async function withThrowawayPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paybell-throwaway-'));
  try {
    const server = await startEmbeddedPostgres({ dataDir, fsync: false });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
