import type { Right } from '../access/rights.ts';

/** What a person can choose by (FEATURES N7). */
export const EVENT_CATEGORIES = [
  'SECURITY',
  'ACCOUNT',
  'PROJECT',
  'PAYMENTS',
  'PAYOUTS',
  'BILLING',
  'ERRORS',
] as const;
export type EventCategory = (typeof EVENT_CATEGORIES)[number];

export type EventSeverity = 'INFO' | 'SUCCESS' | 'WARNING' | 'CRITICAL';

/** Where people are told, each by a message of its own. */
export const PERSONAL_CHANNELS = ['EMAIL', 'SMS', 'INFO_BOT', 'MERCHANT_BOT'] as const;
export type PersonalChannel = (typeof PERSONAL_CHANNELS)[number];

export type Channel = PersonalChannel | 'WEBHOOK';

/**
 * Who is told: nobody but live subscribers, the person concerned, the merchant's members with the right, or the operators
 * who look after the networks. What is told to operators runs the gateway: no preference switches it off.
 */
export type Audience = 'NONE' | 'SUBJECT_USER' | 'MERCHANT_MEMBERS' | 'OPERATORS';

/** Several messages as one, with their number and sum (FEATURES N9). */
export interface DigestRule {
  /** Events of one group become one message; its template is `digest.<group>`. */
  readonly group: 'received' | 'seen' | 'held';
  /** Fields of the data that hold a decimal and its currency. */
  readonly amount: string;
  readonly currency: string;
}

export interface EventRow {
  readonly category: EventCategory;
  readonly severity: EventSeverity;
  readonly audience: Audience;
  /** Where the audience is told unless a person chose otherwise, besides live subscriptions. */
  readonly channels: readonly PersonalChannel[];
  /** Where it is told besides to those who switched its category on there. */
  readonly offered?: readonly PersonalChannel[];
  /** Whether it stands in the notification centre. */
  readonly inCentre: boolean;
  readonly description: string;
  /** Fields of the data that hold e-mail addresses to write to as well, whoever the audience is. */
  readonly mailTo?: readonly string[];
  /** Fields of the data that hold phone numbers to write to. */
  readonly smsTo?: readonly string[];
  /** What a member must be allowed to in order to hear of it; without one the category says. */
  readonly right?: Right;
  /** Its name in webhooks (FEATURES W4); without one they do not tell it. */
  readonly webhook?: string;
  readonly digest?: DigestRule;
}

export const live = (category: EventCategory, description: string) =>
  ({ category, severity: 'INFO', audience: 'NONE', channels: [], inCentre: false, description }) as const;

/** What the person concerned is told of at once: whoever did it may be somebody else. */
export const alert = (
  description: string,
  channels: readonly PersonalChannel[] = ['EMAIL', 'INFO_BOT'],
): EventRow => ({
  category: 'SECURITY',
  severity: 'WARNING',
  audience: 'SUBJECT_USER',
  channels,
  inCentre: true,
  description,
});

/** What the members who may see it are told of. */
export const team = (
  category: EventCategory,
  right: Right,
  description: string,
  more: Partial<EventRow> = {},
): EventRow => ({
  category,
  severity: 'INFO',
  audience: 'MERCHANT_MEMBERS',
  channels: [],
  inCentre: true,
  right,
  description,
  ...more,
});

export const LOUD = { severity: 'WARNING', channels: ['EMAIL', 'INFO_BOT'] } as const;
