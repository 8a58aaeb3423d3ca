import type { Channel } from '../../domain/event/event-row.ts';
import type { ChatMessage, SendOutcome } from '../../usecases/ports/senders.ts';
import type { WebhookAnswer, WebhookSender } from '../../usecases/ports/webhook-sender.ts';
import type { Channels } from './channels.ts';
import type { DeliveryMetrics } from '../metrics.ts';

/** What sends, with each attempt counted and timed by channel and outcome. */
export function measuredChannels({ mail, sms, chat }: Channels, metrics: DeliveryMetrics): Channels {
  const measured =
    <Message>(
      channelOf: (message: Message) => Channel,
      send: (message: Message) => Promise<SendOutcome>,
    ): ((message: Message) => Promise<SendOutcome>) =>
    async (message) => {
      const begun = performance.now();
      const outcome = await send(message);
      metrics.attempted(channelOf(message), outcome.kind, (performance.now() - begun) / 1000);
      return outcome;
    };
  return {
    mail: {
      send: measured(
        () => 'EMAIL',
        (message) => mail.send(message),
      ),
    },
    sms: {
      send: measured(
        () => 'SMS',
        (message) => sms.send(message),
      ),
    },
    chat: {
      send: measured(
        ({ bot }: ChatMessage) => `${bot}_BOT` as const,
        (message) => chat.send(message),
      ),
    },
  };
}

/** The same for webhooks, in the words of the other channels. */
export const measuredWebhooks = ({ send }: WebhookSender, metrics: DeliveryMetrics): WebhookSender => ({
  async send(request) {
    const begun = performance.now();
    const answer = await send(request);
    metrics.attempted('WEBHOOK', outcomeOf(answer), (performance.now() - begun) / 1000);
    return answer;
  },
});

function outcomeOf(answer: WebhookAnswer): SendOutcome['kind'] {
  if (answer.kind === 'refused') return 'rejected';
  if (answer.kind === 'failed') return 'retry';
  return answer.status >= 200 && answer.status < 300 ? 'sent' : 'retry';
}
