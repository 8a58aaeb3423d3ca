import { BOT_OF_CHANNEL } from '../../domain/event/channel-bot.ts';
import type { Event } from '../../domain/event/event.ts';
import { mayStillHear } from '../../domain/event/routing.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryStore, DueDelivery } from '../ports/delivery-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { Messages } from '../ports/messages.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { ChatSender, MailSender, SendOutcome, SmsSender } from '../ports/senders.ts';
import { CODE_LIFETIME_MS } from '../verify-code.ts';
import { messageSecrets } from './message-secrets.ts';
import { retryDelay } from './retry-schedule.ts';

export interface DeliverySendDeps {
  readonly deliveries: DeliveryStore;
  readonly messages: Messages;
  readonly mail: MailSender;
  readonly sms: SmsSender;
  readonly chat: ChatSender;
  readonly secrets: Pick<Secrets, 'derive' | 'deriveCode'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where people reach the gateway, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * Makes one attempt to send a delivery and records what became of it; nothing when it is settled already.
 * A crash between sending and recording leads to another attempt: at least once.
 */
export type DeliverySend = (deliveryId: string) => Promise<void>;

export const deliverySend =
  (deps: DeliverySendDeps): DeliverySend =>
  async (deliveryId) => {
    const delivery = await deps.deliveries.due(deliveryId);
    if (!delivery) return;
    await record(deps, delivery, await attempt(deps, delivery));
  };

async function attempt(deps: DeliverySendDeps, delivery: DueDelivery): Promise<SendOutcome> {
  const { event, userId, member } = delivery;
  if (isTooLate(event, deps.clock.now())) return refused('the code has expired');
  if (hasEnded(event, deps.clock.now())) return refused('the invoice has ended');
  // An attempt may come hours after the event: whoever lost the access meanwhile is told nothing any more.
  if (userId !== null && !mayStillHear(event, member))
    return refused('the person may not hear of it any more');
  const send = render(deps, delivery);
  return send ? send() : refused('the message cannot be rendered');
}

const refused = (error: string): SendOutcome => ({ kind: 'rejected', error });

/** Whether the code that the message carries opens nothing any more: it would puzzle its reader, and an SMS costs. */
const isTooLate = ({ data, occurredAt }: Event, at: Date): boolean =>
  typeof data['codeId'] === 'string' && at.getTime() - occurredAt.getTime() >= CODE_LIFETIME_MS;

/** Whether the invoice that a customer is asked to pay can be paid no more. */
const hasEnded = ({ type, data }: Event, at: Date): boolean =>
  type === 'invoice.sent' && typeof data['expiresAt'] === 'string' && at >= new Date(data['expiresAt']);

/** The message, ready to be sent. Null when it cannot be written: repeating would not help, and others must not wait. */
function render(deps: DeliverySendDeps, delivery: DueDelivery): (() => Promise<SendOutcome>) | null {
  const { id: deliveryId, channel, event, locale, target } = delivery;
  try {
    if (channel === 'EMAIL') {
      const mail = deps.messages.mail(event, locale, messageSecrets(deps, event));
      return () => deps.mail.send({ ...mail, to: target, deliveryId });
    }
    if (channel === 'SMS') {
      const text = deps.messages.sms(event, locale, messageSecrets(deps, event));
      return () => deps.sms.send({ to: target, text });
    }
    const bot = BOT_OF_CHANNEL[channel];
    const html = deps.messages.chat(event, locale);
    return () => deps.chat.send({ bot, chatId: target, html });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.logger.error({ deliveryId, eventType: event.type, channel, reason }, 'message cannot be rendered');
    return null;
  }
}

async function record(deps: DeliverySendDeps, delivery: DueDelivery, outcome: SendOutcome): Promise<void> {
  const { deliveries, clock } = deps;
  const { id, channel, target } = delivery;
  const at = clock.now();
  switch (outcome.kind) {
    case 'sent':
      return await deliveries.sent(id, at);
    case 'retry':
      return await postpone(deps, delivery, outcome);
    case 'rejected':
      return await deliveries.ended(id, 'FAILED', outcome.error);
    case 'unknown':
      // Chat messages and SMS carry no key by which a second copy would be known (RULES 15).
      return await deliveries.ended(id, 'UNKNOWN', outcome.error);
    case 'target_gone':
      // The links first: a crash in between repeats the attempt, which finds the chat gone again.
      await deliveries.endChat(channel, target, at);
      return await deliveries.ended(id, 'FAILED', outcome.error);
  }
}

async function postpone(
  { deliveries, clock, logger }: DeliverySendDeps,
  { id, attempts, channel }: DueDelivery,
  { error, retryAfterSeconds }: Extract<SendOutcome, { kind: 'retry' }>,
): Promise<void> {
  const at = clock.now();
  const delay = retryDelay(id, attempts + 1, retryAfterSeconds);
  if (delay !== null) return await deliveries.retryAt(id, new Date(at.getTime() + delay), error);
  logger.warn({ deliveryId: id, channel, attempts: attempts + 1 }, 'delivery given up');
  await deliveries.ended(id, 'FAILED', error);
}
