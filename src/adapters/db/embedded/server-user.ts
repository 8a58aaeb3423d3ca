import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';

/** Whom PostgreSQL runs as: undefined means as this process. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so a root process gives it to `postgres` or, where there is none, `nobody`.
 * @throws EmbeddedPostgresError when running as root and neither exists.
 */
export function chooseServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = accountNumber('-u', name);
    const gid = accountNumber('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as. Start Paybell as another user.',
  );
}

function accountNumber(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
}

/** Gives a file or folder to the server's user; nothing to do when it runs as this process. */
export function giveTo(user: ServerUser | undefined, target: string): void {
  if (user) chownSync(target, user.uid, user.gid);
}

/**
 * Names the folder in the way, where PostgreSQL itself would only say "Permission denied".
 * @throws EmbeddedPostgresError when a folder on the way to one of the targets cannot be entered by the user.
 */
export function requireTraversable(user: ServerUser | undefined, targets: readonly string[]): void {
  if (!user) return;
  for (const target of targets) {
    for (const folder of parents(path.resolve(target))) {
      if (canEnter(user, folder)) continue;
      throw new EmbeddedPostgresError(
        `The folder ${folder} cannot be entered by the user ${user.name}, whom PostgreSQL runs as because Paybell ` +
          `was started as root. Move Paybell elsewhere, start it as another user, or allow it: chmod o+x ${folder}`,
      );
    }
  }
}

/** Whether the user can reach every target. */
export const canReach = (user: ServerUser, target: string): boolean =>
  parents(path.resolve(target)).every((folder) => canEnter(user, folder));

function parents(target: string): string[] {
  const folder = path.dirname(target);
  return folder === target ? [] : [...parents(folder), folder];
}

function canEnter(user: ServerUser, folder: string): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
