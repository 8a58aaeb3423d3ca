import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../usecases/ports/secrets.ts';

/** OWASP's first choice for argon2id (the library's default algorithm): 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function createArgon2Hasher(): Promise<PasswordHasher> {
  // Verified in place of an unknown person's hash, so that the answer takes as long.
  const decoy = await hash('no such person', PARAMETERS);
  return {
    hash: (password) => hash(password, PARAMETERS),
    async verify(stored, password) {
      const matches = await verify(stored ?? decoy, password);
      return stored !== null && matches;
    },
  };
}
