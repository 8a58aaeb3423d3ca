import type { ReboundChange } from '../../usecases/ports/rebound-store.ts';
import type { RefundChange } from '../../usecases/ports/refund-store.ts';
import { eventRows } from './event-insert.ts';

/** In the order in which the statements that change a refund or a rebound name them. */
export const claimChangeValues = (
  {
    before,
    after,
    claimTokenHash,
    inboxNamedBy,
    claimExpired = false,
    failure,
    events,
    idempotency,
    at,
  }: RefundChange | ReboundChange,
  transactions: string,
  postings: string,
): unknown[] => [
  before.id,
  before.status,
  before.revision,
  after.status,
  after.address,
  after.customerEmail,
  after.claimExpiresAt,
  claimTokenHash !== undefined,
  claimTokenHash ?? null,
  failure ?? null,
  transactions,
  postings,
  eventRows(events),
  at,
  inboxNamedBy ?? null,
  claimExpired,
  idempotency?.ownerId ?? null,
  idempotency?.operation ?? null,
  idempotency?.key ?? null,
  idempotency?.inputHash ?? null,
];
