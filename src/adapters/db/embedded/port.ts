import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';

/**
 * The port of the last start where it is still free, so that pools find the server again after a crash; else a new
 * one. Another program may take it in between: then the server does not start, and the caller tries again.
 */
export async function choosePort(dataDir: string): Promise<number> {
  const file = path.join(dataDir, 'port');
  const port = (await reserve(readPort(file))) ?? (await reserve(0));
  if (port === undefined) throw new EmbeddedPostgresError('There is no free port on 127.0.0.1.');
  writeFileSync(file, `${port}\n`);
  return port;
}

function readPort(file: string): number {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch {
    return 0;
  }
}

async function reserve(port: number): Promise<number | undefined> {
  const probe = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
    const address = probe.address();
    return address === null || typeof address === 'string' ? undefined : address.port;
  } catch {
    return undefined;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
