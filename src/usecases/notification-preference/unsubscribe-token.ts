import { isAlwaysOn } from '../../domain/notification/preferences.ts';
import { EVENT_CATEGORIES, type EventCategory } from '../../domain/event/event-row.ts';
import type { Secrets } from '../ports/secrets.ts';

/** The mails that a link ends: of one kind, to one person. */
export interface MailsToEnd {
  readonly userId: string;
  readonly category: EventCategory;
}

const PURPOSE = 'MAIL_UNSUBSCRIBE';
const TOKEN = /^(?<userId>[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})_(?<category>[A-Z]+)_(?<mac>[\w-]{43})$/;

const nameOf = ({ userId, category }: MailsToEnd): string => `${userId}:${category}:EMAIL`;

/** Names whose mails of which kind it ends, and is signed: it needs no row, and does not expire (RFC 8058, 3.1). */
const unsubscribeToken = (secrets: Pick<Secrets, 'derive'>, mails: MailsToEnd): string =>
  `${mails.userId}_${mails.category}_${secrets.derive(PURPOSE, nameOf(mails)).secret}`;

/** Where a click or a mail program ends such mails; null for those that cannot be ended or are nobody's. */
export const unsubscribeUrl = (
  { secrets, publicUrl }: { readonly secrets: Pick<Secrets, 'derive'>; readonly publicUrl: string },
  userId: string | null,
  category: EventCategory,
): string | null =>
  userId === null || isAlwaysOn(category, 'EMAIL')
    ? null
    : `${publicUrl}/unsubscribe?token=${unsubscribeToken(secrets, { userId, category })}`;

/** What a token ends; null for one that was not made here. */
export function readUnsubscribeToken(secrets: Pick<Secrets, 'isDerived'>, token: string): MailsToEnd | null {
  const { userId, category: named, mac } = TOKEN.exec(token)?.groups ?? {};
  const category = EVENT_CATEGORIES.find((one) => one === named);
  if (userId === undefined || mac === undefined || category === undefined) return null;
  const mails = { userId, category };
  return secrets.isDerived(PURPOSE, nameOf(mails), mac) && !isAlwaysOn(category, 'EMAIL') ? mails : null;
}
