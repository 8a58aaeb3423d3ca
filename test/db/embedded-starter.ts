// A process of its own for embedded-postgres.test.ts: starts PostgreSQL on the folder given, says so, and stops at
// the end of its input.
import { startEmbeddedPostgres } from '../../src/adapters/db/embedded/embedded-postgres.ts';

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', fsync: false });
process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid })}\n`);
process.stdin.resume().once('end', () => void server.stop());
