import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../usecases/ports/secrets.ts';

/** 256 random bits, base64url: letters, digits, "_" and "-", as deep links and headers allow. */
const RANDOM_BYTES = 32;

/**
 * @param masterKey the gateway's SECRET_KEY, 32 bytes
 * @param previousKeys former ones, which make nothing new
 */
export function createSecrets(masterKey: Uint8Array, previousKeys: readonly Uint8Array[] = []): Secrets {
  const hash = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();
  const issued = (secret: string) => ({ secret, hash: hash(secret) });
  const derived = (key: Uint8Array, purpose: string, rowId: string): string =>
    createHmac('sha256', key).update(`${purpose}\n${rowId}`).digest('base64url');
  const equal = (a: string, b: string): boolean => timingSafeEqual(hash(a), hash(b));
  return {
    hash,
    issue: (prefix) => issued(prefix + randomBytes(RANDOM_BYTES).toString('base64url')),
    derive: (purpose, rowId) => issued(derived(masterKey, purpose, rowId)),
    isDerived: (purpose, rowId, secret) =>
      [masterKey, ...previousKeys].some((key) => equal(derived(key, purpose, rowId), secret)),
    deriveCode(purpose, rowId) {
      const mac = createHmac('sha256', masterKey).update(`code\n${purpose}\n${rowId}`).digest();
      // 48 bits modulo a million: no digit is likelier than another by more than one in 10^8.
      return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
    },
    equal,
  };
}
