import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Secrets } from '../../usecases/ports/secrets.ts';

/** 256 random bits, base64url: letters, digits, "_" and "-", as deep links and headers allow. */
const RANDOM_BYTES = 32;

/** `masterKey` is the gateway's SECRET_KEY, 32 bytes. */
export function createSecrets(masterKey: Uint8Array): Secrets {
  const hash = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();
  const issued = (secret: string) => ({ secret, hash: hash(secret) });
  return {
    hash,
    issue: (prefix) => issued(prefix + randomBytes(RANDOM_BYTES).toString('base64url')),
    derive: (purpose, rowId) =>
      issued(createHmac('sha256', masterKey).update(`${purpose}\n${rowId}`).digest('base64url')),
  };
}
