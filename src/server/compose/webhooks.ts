import { createWebhookPayloads } from '../../adapters/db/webhook-payloads.ts';
import { createWebhookSender } from '../../adapters/webhook/webhook-sender.ts';
import { createWebhookSigner } from '../../adapters/webhook/webhook-signer.ts';
import { createWebhookUrls } from '../../adapters/webhook/webhook-urls.ts';
import type { Config } from '../../config/config.ts';
import type { WebhookPayloads } from '../../usecases/ports/webhook-payloads.ts';
import type { WebhookSender, WebhookSigner } from '../../usecases/ports/webhook-sender.ts';
import type { WebhookUrls } from '../../usecases/ports/webhook-urls.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import type { Shutdown } from '../shutdown.ts';
import type { Database } from './database.ts';
import { measuredWebhooks } from './measured-channels.ts';

export interface WebhookTools {
  readonly sender: WebhookSender;
  readonly signer: WebhookSigner;
  readonly urls: WebhookUrls;
  readonly payloads: WebhookPayloads;
}

/** What webhooks are written, signed and sent with. */
export function composeWebhookTools(
  { webhooks, http }: Config,
  { pool }: Database,
  metrics: DeliveryMetrics,
  shutdown: Shutdown,
): WebhookTools {
  const { timeoutSeconds, ...rules } = webhooks;
  const sender = createWebhookSender({ ...rules, timeoutMilliseconds: timeoutSeconds * 1_000 });
  shutdown.add('webhooks', async () => sender.close());
  return {
    sender: measuredWebhooks(sender, metrics),
    signer: createWebhookSigner(),
    urls: createWebhookUrls(rules),
    payloads: createWebhookPayloads(pool, { publicUrl: http.publicUrl }),
  };
}
