import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookSigner } from '../../usecases/ports/webhook-sender.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/**
 * Signs in both schemes, with every secret that counts (FEATURES W2, RULES 11): `Pay-Signature` as the seed describes
 * it, with the text of the secret as the key, and Standard Webhooks with the bytes that its base64 stands for.
 */
export function createWebhookSigner(): WebhookSigner {
  return {
    newSecret: () => PREFIX + randomBytes(SECRET_BYTES).toString('base64'),
    headers({ id, at, body, secrets }) {
      const timestamp = String(Math.floor(at.getTime() / 1_000));
      const hex = secrets.map((secret) =>
        createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'),
      );
      const base64 = secrets.map((secret) =>
        createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64'),
      );
      return {
        'Pay-Signature': [`t=${timestamp}`, ...hex.map((mac) => `v1=${mac}`)].join(','),
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': base64.map((mac) => `v1,${mac}`).join(' '),
      };
    },
  };
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(PREFIX, ''), 'base64');
