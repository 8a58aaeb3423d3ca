import type { EventType } from './catalogue.ts';

export type SubjectType =
  | 'USER'
  | 'MERCHANT'
  | 'MEMBER'
  | 'INVITATION'
  | 'PROJECT'
  | 'API_KEY'
  | 'WITHDRAWAL_ADDRESS'
  | 'INVOICE'
  | 'STATIC_WALLET'
  | 'PAYMENT_LINK'
  | 'FEE_SCHEDULE'
  | 'TRANSFER'
  | 'TELEGRAM_LINK'
  | 'WEBHOOK_ENDPOINT'
  | 'PAYOUT'
  | 'BANK_ACCOUNT'
  | 'AUTO_WITHDRAWAL'
  | 'REFUND'
  | 'REBOUND'
  | 'CUSTODY';

/** An event as a rule or a use case describes it; id, actor and time are added when it is written. */
export interface EventDraft {
  readonly type: EventType;
  /** Null for events of a person that belong to no merchant. */
  readonly merchantId: string | null;
  readonly projectId: string | null;
  readonly mode: 'TEST' | 'LIVE' | null;
  readonly subject: { readonly type: SubjectType; readonly id: string };
  /** JSON, never a secret. */
  readonly data: EventData;
}

export type EventData = Readonly<Record<string, string | number | boolean | null>>;

/** An event of a person that belongs to no merchant. */
export const userEvent = (type: EventType, userId: string, data: EventData): EventDraft => ({
  type,
  merchantId: null,
  projectId: null,
  mode: null,
  subject: { type: 'USER', id: userId },
  data,
});

/** Who caused an event, as it is kept. */
export interface EventActor {
  readonly type: 'USER' | 'OPERATOR' | 'API_KEY' | 'SYSTEM' | 'ANONYMOUS';
  readonly id: string | null;
  readonly ip?: string;
  readonly device?: string;
}

/** An event ready to be written. */
export interface NewEvent extends EventDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly actor: EventActor;
  readonly occurredAt: Date;
}

/** Place in the order that readers follow: (transaction id, sequence). See docs/decisions. */
export interface EventPosition {
  readonly txid: bigint;
  readonly seq: bigint;
}

/** An event as readers get it. */
export interface Event extends NewEvent {
  readonly version: number;
  readonly position: EventPosition;
}

export const isAfter = (a: EventPosition, b: EventPosition): boolean =>
  a.txid > b.txid || (a.txid === b.txid && a.seq > b.seq);
