import type { EventType } from '../domain/event/catalogue.ts';
import type { Event } from '../domain/event/event.ts';
import type { ChatButton } from '../usecases/ports/senders.ts';
import { disownButtons } from './info-bot/sign-in-buttons.ts';
import { approvalButtons } from './merchant-bot/payout-buttons.ts';

type Buttons = (event: Pick<Event, 'data'>, locale: string) => ChatButton[];

const BUTTONS: Partial<Record<EventType, Buttons>> = {
  'session.created': disownButtons,
  'payout.approval_needed': approvalButtons,
};

/** The buttons below the message that tells an event; none for most. */
export const chatButtons = (event: Pick<Event, 'type' | 'data'>, locale: string): ChatButton[] =>
  BUTTONS[event.type]?.(event, locale) ?? [];
