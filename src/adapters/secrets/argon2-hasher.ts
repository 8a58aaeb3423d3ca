import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../usecases/ports/secrets.ts';
import { createBoundedLine } from './bounded-line.ts';

/** OWASP's first choice for argon2id (the library's default algorithm): 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing runs in libuv's pool of four threads, which files and name look-ups need as well: two stay free. At some
 * 30 ms a password the last in the line waits less than two seconds.
 */
const BOUNDS = { atOnce: 2, waiting: 100 };

export async function createArgon2Hasher(bounds = BOUNDS): Promise<PasswordHasher> {
  const inLine = createBoundedLine('passwords to be checked', bounds);
  // Verified in place of an unknown person's hash, so that the answer takes as long.
  const decoy = await hash('no such person', PARAMETERS);
  return {
    hash: (password) => inLine(() => hash(password, PARAMETERS)),
    async verify(stored, password) {
      const matches = await inLine(() => verify(stored ?? decoy, password));
      return stored !== null && matches;
    },
    needsRehash(stored) {
      const { memoryCost, timeCost, parallelism } = parseOptions(stored);
      return (
        !stored.startsWith('$argon2id$') ||
        memoryCost < PARAMETERS.memoryCost ||
        timeCost < PARAMETERS.timeCost ||
        parallelism < PARAMETERS.parallelism
      );
    },
  };
}
