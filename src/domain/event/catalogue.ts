/**
 * The event catalogue (DESIGN §6, FEATURES N1): adding a notification is a row here and its templates.
 */

export type EventCategory = 'SECURITY' | 'PAYMENTS' | 'PROJECT';
export type EventSeverity = 'INFO' | 'SUCCESS' | 'WARNING' | 'CRITICAL';
export type Channel = 'EMAIL' | 'INFO_BOT' | 'MERCHANT_BOT';

/** Who is told: nobody but live subscribers, the person concerned, or the merchant's members with the right. */
export type Audience = 'NONE' | 'SUBJECT_USER' | 'MERCHANT_MEMBERS';

export interface EventRow {
  readonly category: EventCategory;
  readonly severity: EventSeverity;
  readonly audience: Audience;
  /** Where the audience is told, besides live subscriptions. */
  readonly channels: readonly Channel[];
  /** Whether it stands in the notification centre. */
  readonly inCentre: boolean;
  readonly description: string;
}

const live = (category: EventCategory, description: string) =>
  ({ category, severity: 'INFO', audience: 'NONE', channels: [], inCentre: false, description }) as const;

export const EVENT_CATALOGUE = {
  'user.signed_up': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'A person signed up and is sent the link that confirms the e-mail address.',
  },
  'user.sign_up_repeated': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'Somebody tried to sign up with the address of an existing account; its owner is told.',
  },
  'user.email_confirmed': live('SECURITY', 'A person confirmed the e-mail address.'),
  'session.created': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['INFO_BOT'],
    inCentre: true,
    description: 'A person signed in.',
  },
  'session.ended': live('SECURITY', 'A session was ended.'),
  'project.created': {
    category: 'PROJECT',
    severity: 'INFO',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'A project was created.',
  },
  'api_key.created': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'An API key was created.',
  },
  'telegram_link.connected': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: [],
    inCentre: true,
    description: 'A Telegram chat was connected to one of the bots.',
  },
  'invoice.created': live('PAYMENTS', 'An invoice was created.'),
  'invoice.quoted': live('PAYMENTS', 'The payer chose asset and network; address and amount are fixed.'),
  'invoice.reopened': live('PAYMENTS', 'The payments seen so far were taken back by the chain.'),
  'invoice.partially_paid': live('PAYMENTS', 'Less than the amount due has been seen.'),
  'invoice.confirming': live('PAYMENTS', 'The amount due was seen and waits for confirmations.'),
  'invoice.paid': {
    category: 'PAYMENTS',
    severity: 'SUCCESS',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    description: 'An invoice is paid with the confirmations asked for.',
  },
  'invoice.overpaid': {
    category: 'PAYMENTS',
    severity: 'SUCCESS',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    description: 'An invoice is paid with more than the amount due.',
  },
  'invoice.paid_late': {
    category: 'PAYMENTS',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'An expired invoice was fully paid afterwards; the money is held for a decision.',
  },
  'invoice.canceled': live('PAYMENTS', 'An invoice was cancelled or has expired.'),
  'payment.detected': live('PAYMENTS', 'A transfer to an invoice was seen on the chain.'),
  'payment.confirmed': live(
    'PAYMENTS',
    'A payment has its confirmations and waits for the rest of the amount.',
  ),
  'payment.credited': live('PAYMENTS', 'A payment was credited to the balance.'),
  'payment.held': {
    category: 'PAYMENTS',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'A payment came too late, twice or too small, and is held for a decision.',
  },
  'payment.orphaned': live('PAYMENTS', 'The chain took a payment back before it was credited.'),
} as const satisfies Record<string, EventRow>;

export type EventType = keyof typeof EVENT_CATALOGUE;

export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as readonly EventType[];

export const eventRow = (type: EventType): EventRow => EVENT_CATALOGUE[type];
