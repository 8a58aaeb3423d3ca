import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealer } from '../../usecases/ports/secrets.ts';

/** What is sealed looks like this: version, key id, nonce, ciphertext, tag. */
const VERSION = 1;
const KEY_ID_BYTES = 8;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

interface SealingKey {
  readonly key: Uint8Array;
  /** Version and key id, as they stand before what the key sealed. */
  readonly header: Buffer;
}

/** The keys that do the work are derived (HKDF, RFC 5869): the master key makes the secrets of links as well. */
function sealingKey(masterKey: Uint8Array): SealingKey {
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync('sha256', masterKey, '', info, bytes));
  const header = Buffer.concat([Buffer.of(VERSION), derive('paybell sealing key id', KEY_ID_BYTES)]);
  return { key: derive('paybell sealing key', 32), header };
}

/**
 * AES-256-GCM with a random nonce. Purpose, row id and the header are authenticated: what is moved to another row does
 * not open there. What `previous` keys sealed still opens; nothing new is sealed with them.
 */
export function createSealer(masterKey: Uint8Array, previous: readonly Uint8Array[] = []): Sealer {
  const current = sealingKey(masterKey);
  const keys = [current, ...previous.map(sealingKey)];
  const isOf = (sealed: Uint8Array, { header }: SealingKey): boolean =>
    header.equals(sealed.subarray(0, HEADER_BYTES));

  return {
    seal(purpose, rowId, plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, current.key, nonce);
      cipher.setAAD(authenticated(current.header, purpose, rowId));
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([current.header, nonce, ciphertext, cipher.getAuthTag()]);
    },

    open(purpose, rowId, sealed) {
      const used = keys.find((key) => isOf(sealed, key));
      if (!used) throw new Error('sealed with a key that is not known here');
      if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES)
        throw new Error('too short for a sealed value');
      const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, used.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticated(used.header, purpose, rowId));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const ciphertext = sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    },

    isCurrent: (sealed) => isOf(sealed, current),
  };
}

const authenticated = (header: Buffer, purpose: string, rowId: string): Buffer =>
  Buffer.concat([header, Buffer.from(`${purpose}\n${rowId}`)]);
