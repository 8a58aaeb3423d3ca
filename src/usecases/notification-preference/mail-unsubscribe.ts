import type { EventCategory } from '../../domain/event/event-row.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { MailUnsubscribeStore } from '../ports/mail-unsubscribe-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { readUnsubscribeToken } from './unsubscribe-token.ts';

export interface MailUnsubscribeDeps {
  readonly secrets: Pick<Secrets, 'isDerived'>;
  readonly mailUnsubscribes: MailUnsubscribeStore;
  readonly ids: IdSource;
  readonly clock: Clock;
}

/**
 * Ends the mails that a link of such a mail names (FEATURES N5, N7; RFC 8058): the holder of the link needs no session,
 * and may repeat it. As all choices of this kind it is no event. Refusals: NOT_FOUND.
 */
export type MailUnsubscribe = (token: string) => Promise<Result<{ readonly category: EventCategory }>>;

export const mailUnsubscribe =
  ({ secrets, mailUnsubscribes, ids, clock }: MailUnsubscribeDeps): MailUnsubscribe =>
  async (token) => {
    const mails = readUnsubscribeToken(secrets, token);
    const isEnded = mails && (await mailUnsubscribes.endMails({ ...mails, id: ids.next(), at: clock.now() }));
    return isEnded
      ? done({ category: mails.category })
      : refuse('NOT_FOUND', 'The link is not valid.', 'token');
  };
