import { eventRow } from '../../domain/event/catalogue.ts';
import { BOT_OF_CHANNEL } from '../../domain/event/channel-bot.ts';
import { userEvent, type Event } from '../../domain/event/event.ts';
import { mayStillHear } from '../../domain/event/routing.ts';
import type { Digest } from '../../domain/notification/digest.ts';
import type { Clock } from '../ports/clock.ts';
import type { AddressBounce, DeliveryStore, DueDelivery } from '../ports/delivery-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { Messages } from '../ports/messages.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { ChatButton, ChatSender, MailSender, SendOutcome, SmsSender } from '../ports/senders.ts';
import { unsubscribeUrl } from '../notification-preference/unsubscribe-token.ts';
import { stampEvent } from '../stamp-event.ts';
import type { TelegramChatBlocked } from '../telegram/telegram-chat-blocked.ts';
import { CODE_LIFETIME_MS } from '../verify-code.ts';
import { messageSecrets } from './message-secrets.ts';
import { ASKED_FOR_AT_MOST, askedDelay, retryDelay } from './retry-schedule.ts';

export interface DeliverySendDeps {
  readonly deliveries: DeliveryStore;
  readonly messages: Messages;
  readonly mail: MailSender;
  readonly sms: SmsSender;
  readonly chat: ChatSender;
  /** What can be pressed below the message of an event; none for most. */
  readonly chatButtons: (event: Event, locale: string) => readonly ChatButton[];
  readonly chatBlocked: TelegramChatBlocked;
  readonly secrets: Pick<Secrets, 'derive' | 'deriveCode'>;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where people reach the gateway, without a slash at the end. */
  readonly publicUrl: string;
}

/** Messages of a chat that one job sends: then it is the turn of other chats. */
const MOST_AT_ONCE = 20;

/**
 * Makes one attempt to send a delivery and records what became of it; nothing when it is settled already. Of a chat, all
 * that are due one after the other, from the oldest on, until one has to wait.
 * A crash between sending and recording leads to another attempt: at least once.
 *
 * @param stopping aborts when the process stops: what is left is sent by another
 */
export type DeliverySend = (deliveryId: string, stopping?: AbortSignal) => Promise<void>;

export const deliverySend =
  (deps: DeliverySendDeps): DeliverySend =>
  async (deliveryId, stopping) => {
    let last: string | null = null;
    for (let made = 1; ; made += 1) {
      const next = await sendNext(deps, deliveryId);
      // Twice the same: it cannot be sent, and others wait behind it.
      if (next === null || next === last) return;
      last = next;
      if (made === MOST_AT_ONCE || stopping?.aborted) return await deps.deliveries.goOn(deliveryId);
    }
  };

/** The delivery that was dealt with, of a chat, where more may follow at once; null where nothing does. */
async function sendNext(deps: DeliverySendDeps, deliveryId: string): Promise<string | null> {
  const { deliveries, clock } = deps;
  const startedAt = clock.now();
  const delivery = await deliveries.due(deliveryId, startedAt);
  if (!delivery) return null;
  const isChat = BOT_OF_CHANNEL[delivery.channel] !== null;
  if (isChat && delivery.dueAt > startedAt) {
    await deliveries.lookAgain(deliveryId, delivery.dueAt);
    return null;
  }
  const outcome = await attempt(deps, delivery);
  if (outcome) await record(deps, delivery, startedAt, outcome);
  return isChat ? delivery.id : null;
}

/** Null when it has become part of another message. */
async function attempt(deps: DeliverySendDeps, delivery: DueDelivery): Promise<SendOutcome | null> {
  const { event, userId } = delivery;
  if (isTooLate(event, deps.clock.now())) return refused('the code has expired');
  if (hasEnded(event, deps.clock.now())) return refused('the invoice has ended');
  // First, so that all of them end together where the person may not hear of them any more.
  const collected = delivery.isCollecting
    ? await deps.deliveries.collect(delivery.id, deps.clock.now())
    : 'alone';
  if (collected === 'taken') return null;
  // An attempt may come hours after the event: whoever lost the access meanwhile is told nothing any more.
  if (userId !== null && !mayStillHear(event, delivery))
    return refused('the person may not hear of it any more');
  // Nor is a chat that was disconnected while the message waited: who reads it may be somebody else by now.
  if (delivery.isDisconnected) return refused('the chat is not connected any more');
  const send = render(deps, delivery, collected === 'alone' ? null : collected);
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
function render(
  deps: DeliverySendDeps,
  delivery: DueDelivery,
  digest: Digest | null,
): (() => Promise<SendOutcome>) | null {
  const { id: deliveryId, channel, event, locale, target } = delivery;
  const { messages } = deps;
  try {
    switch (channel) {
      case 'EMAIL': {
        const { audience, category } = eventRow(event.type);
        const endUrl = audience === 'OPERATORS' ? null : unsubscribeUrl(deps, delivery.userId, category);
        const mail = digest
          ? messages.digestMail(digest, locale, endUrl)
          : messages.mail(event, locale, messageSecrets(deps, event), endUrl);
        return () => deps.mail.send({ ...mail, to: target, deliveryId, unsubscribeUrl: endUrl });
      }
      case 'SMS': {
        const text = messages.sms(event, locale, messageSecrets(deps, event));
        return () => deps.sms.send({ to: target, text });
      }
      case 'INFO_BOT':
      case 'MERCHANT_BOT': {
        const html = digest ? messages.digestChat(digest, locale) : messages.chat(event, locale);
        const buttons = digest ? [] : deps.chatButtons(event, locale);
        return () => deps.chat.send({ bot: BOT_OF_CHANNEL[channel], chatId: target, html, buttons });
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    deps.logger.error({ deliveryId, eventType: event.type, channel, reason }, 'message cannot be rendered');
    return null;
  }
}

async function record(
  deps: DeliverySendDeps,
  delivery: DueDelivery,
  startedAt: Date,
  outcome: SendOutcome,
): Promise<void> {
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
    case 'target_gone': {
      const bot = BOT_OF_CHANNEL[channel];
      // The target first: a crash in between repeats the attempt, which finds it gone again.
      if (channel === 'EMAIL') await addressBounced(deps, { address: target, at, reason: outcome.error });
      if (bot !== null) await deps.chatBlocked({ bot, chatId: target, seenAt: startedAt });
      return await deliveries.ended(id, 'FAILED', outcome.error);
    }
  }
}

async function addressBounced(
  { deliveries, ids, feed }: DeliverySendDeps,
  bounce: AddressBounce,
): Promise<void> {
  const stamp = { id: ids.next(), actor: { type: 'SYSTEM', id: null }, at: bounce.at } as const;
  const marked = await deliveries.addressBounced(bounce, (userId) =>
    stampEvent(userEvent('user.email_bounced', userId, { email: bounce.address }), stamp),
  );
  if (marked) feed.poke();
}

async function postpone(
  { deliveries, clock, logger }: DeliverySendDeps,
  { id, attempts, channel, event }: DueDelivery,
  { error, retryAfterSeconds }: Extract<SendOutcome, { kind: 'retry' }>,
): Promise<void> {
  const at = clock.now();
  const asked = retryAfterSeconds === undefined ? 0 : askedDelay(retryAfterSeconds);
  const age = at.getTime() - event.occurredAt.getTime();
  if (asked > 0 && age < ASKED_FOR_AT_MOST)
    return await deliveries.waitUntil(id, new Date(at.getTime() + asked), error);
  const delay = retryDelay(id, attempts + 1);
  if (delay !== null)
    return await deliveries.retryAt(id, new Date(at.getTime() + Math.max(delay, asked)), error);
  logger.warn({ deliveryId: id, channel, attempts: attempts + 1 }, 'delivery given up');
  await deliveries.ended(id, 'FAILED', error);
}
