import type { EventCategory } from '../../domain/event/event-row.ts';
import type { Secrets } from '../ports/secrets.ts';
import { readUnsubscribeToken } from './unsubscribe-token.ts';

/** The kind of mails that a link ends; null for one that was not made here. Changes nothing. */
export type MailUnsubscribeShow = (token: string) => EventCategory | null;

export const mailUnsubscribeShow =
  ({ secrets }: { readonly secrets: Pick<Secrets, 'isDerived'> }): MailUnsubscribeShow =>
  (token) =>
    readUnsubscribeToken(secrets, token)?.category ?? null;
