import { webhookUrlFault, type WebhookUrlRules } from '../../domain/webhook/webhook-url.ts';
import type { WebhookUrls } from '../../usecases/ports/webhook-urls.ts';

export const createWebhookUrls = (rules: WebhookUrlRules): WebhookUrls => ({
  fault: (url) => webhookUrlFault(url, rules),
});
