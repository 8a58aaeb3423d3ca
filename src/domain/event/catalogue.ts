/**
 * The event catalogue (DESIGN §6, FEATURES N1): adding a notification is a row in `rows/` and its templates.
 */

import type { EventRow } from './event-row.ts';
import { ACCOUNT_ROWS } from './rows/account-rows.ts';
import { PAYMENT_ROWS } from './rows/payment-rows.ts';
import { PAYOUT_ROWS } from './rows/payout-rows.ts';
import { TEAM_ROWS } from './rows/team-rows.ts';
import { WEBHOOK_ROWS } from './rows/webhook-rows.ts';

const ROWS = { ...ACCOUNT_ROWS, ...TEAM_ROWS, ...WEBHOOK_ROWS, ...PAYMENT_ROWS, ...PAYOUT_ROWS };

export type EventType = keyof typeof ROWS;

export const EVENT_CATALOGUE: Readonly<Record<EventType, EventRow>> = ROWS;

export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as readonly EventType[];

export const eventRow = (type: EventType): EventRow => EVENT_CATALOGUE[type];

/** A newer process may write others. */
export const isEventType = (type: string): type is EventType => Object.hasOwn(ROWS, type);

/** The name of an event in webhooks (FEATURES W4); null for one that they do not tell. */
export const webhookTypeOf = (type: EventType): string | null => eventRow(type).webhook ?? null;

/** Every name that webhooks know. */
export const WEBHOOK_TYPES: readonly string[] = [
  ...new Set(EVENT_TYPES.map(webhookTypeOf).filter((name) => name !== null)),
];

/** Whether it stands in the audit log (FEATURES B8): all but the course of payments, which the ledger keeps. */
export const isAudited = (type: EventType): boolean => !UNAUDITED_TYPES.includes(type);

/** A type that this process does not know yet is none of them: a newer one writes it, and it may matter. */
export const UNAUDITED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => eventRow(type).category === 'PAYMENTS',
);
