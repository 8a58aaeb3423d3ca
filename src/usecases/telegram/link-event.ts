import type { EventType } from '../../domain/event/catalogue.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import type { ConnectedLink } from '../ports/telegram-store.ts';
import { stampEvent } from '../stamp-event.ts';

/**
 * An event of a link. Its actor is the person of the link, who pressed Start, disconnected or blocked the bot: also
 * where the gateway only noticed it. That is who is told.
 */
export const linkEvent = (
  type: Extract<EventType, `telegram_link.${string}`>,
  { linkId, userId, merchantId, merchantName, bot }: ConnectedLink,
  { id, at }: { readonly id: string; readonly at: Date },
): NewEvent =>
  stampEvent(
    {
      type,
      merchantId,
      projectId: null,
      mode: null,
      subject: { type: 'TELEGRAM_LINK', id: linkId },
      data: { userId, bot, merchantName },
    },
    { id, actor: { type: 'USER', id: userId }, at },
  );
