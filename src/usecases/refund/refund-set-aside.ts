import type { Event, NewEvent } from '../../domain/event/event.ts';
import type { EventFeed } from '../ports/event-log.ts';
import { systemStamp } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';

/**
 * Tells operators that what an event asks of refunds and rebounds was set aside after some tries: it is tried again every
 * few minutes, and somebody must look.
 */
export type RefundSetAside = (event: Pick<Event, 'type' | 'subject'>, tries: number) => Promise<void>;

export interface RefundSetAsideDeps extends Pick<RefundDeps, 'ids' | 'clock'> {
  readonly tell: (event: NewEvent) => Promise<void>;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const refundSetAside =
  ({ tell, ids, clock, feed }: RefundSetAsideDeps): RefundSetAside =>
  async ({ type, subject }, tries) => {
    await tell(
      systemStamp({ ids, clock })({
        type: 'refund.set_aside',
        merchantId: null,
        projectId: null,
        mode: null,
        subject,
        data: { step: type, of: subject.id, tries },
      }),
    );
    feed.poke();
  };
