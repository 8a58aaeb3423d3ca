import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
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
    deriveCode(purpose, rowId) {
      const mac = createHmac('sha256', masterKey).update(`code\n${purpose}\n${rowId}`).digest();
      // 48 bits modulo a million: no digit is likelier than another by more than one in 10^8.
      return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
    },
    equal: (a, b) => timingSafeEqual(hash(a), hash(b)),
  };
}
