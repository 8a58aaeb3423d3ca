import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { requested } from '../../domain/payout/payout-money.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import type { Idempotency } from '../ports/invoice-store.ts';
import type { NewPayout, PayoutCreated } from '../ports/payout-store.ts';
import type { KeyUsed } from '../ports/refund-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { askedEvents } from './payout-asked-events.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { draftPayout, type PayoutDraft } from './payout-draft.ts';
import { payoutPlace, payoutProofMissing, type PayoutPlace } from './payout-place.ts';
import { keyFault, readPayoutRequest, type PayoutAsked, type PayoutRequest } from './payout-request.ts';

export interface PayoutCreateInput extends PayoutRequest {
  /** Needed from a signed-in person; an API key knows its own. */
  readonly merchantId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Asks for a payout (FEATURES F1): its amount is set aside at once, and sent when the approvals are there. With an
 * idempotency key, which is kept for ever, a repeated request gives the first one's payout (RULES 7).
 * Refusals: NOT_FOUND, INVALID_INPUT, FORBIDDEN, SECOND_FACTOR_REQUIRED, STEP_UP_REQUIRED, IDEMPOTENCY_KEY_REUSED,
 * WRONG_STATE, BALANCE_SHORT, LIMIT_REACHED.
 */
export type PayoutCreate = (actor: Actor, input: PayoutCreateInput) => Promise<Result<{ payoutId: string }>>;

export const payoutCreate =
  (deps: PayoutDeps): PayoutCreate =>
  async (actor, input) => {
    const place = payoutPlace(actor, input);
    if (!place.ok) return place;
    const { idempotencyKey, ...request } = input;
    const asked = readPayoutRequest(deps.formats, request);
    if (!asked.ok) return asked;
    const barred = keyFault(idempotencyKey) ?? payoutProofMissing(actor, place.value.mode, deps.clock.now());
    if (barred) return barred;
    const operation = 'payoutCreate REQUEST';
    const idempotency = idempotencyOf(actor, { idempotencyKey, operation, request }, deps.secrets);
    return await askPayout(deps, actor, place.value, asked.value, { idempotency, batch: null });
  };

/** What makes a request one of its kind. */
interface Asking {
  readonly idempotency: Idempotency | null;
  readonly batch: NewPayout['batch'];
}

/** Makes the payout of a request that was read, by somebody who may ask and has proved it. */
export async function askPayout(
  deps: PayoutDeps,
  actor: Actor,
  place: PayoutPlace,
  asked: PayoutAsked,
  { idempotency, batch }: Asking,
): Promise<Result<{ payoutId: string }>> {
  const before = idempotency && (await deps.payouts.usedBefore(idempotency));
  if (before) return repeated(before);
  const draft = await draftPayout(deps, place, asked, {
    origin: batch === null ? 'REQUEST' : 'BATCH',
    createdBy: creatorOf(actor),
    sourceId: null,
  });
  if (!draft.ok) return draft;
  const outcome = await writePayout(deps, actor, draft.value, { idempotency, batch });
  return outcome.kind === 'created' ? done({ payoutId: draft.value.payout.id }) : refusalOf(outcome);
}

/** Writes a payout that was drafted, with its events. */
export async function writePayout(
  { payouts, ids, feed }: Pick<PayoutDeps, 'payouts' | 'ids' | 'feed'>,
  actor: Actor,
  { payout, reference, dailyLimit }: PayoutDraft,
  { idempotency, batch }: Asking,
): Promise<PayoutCreated> {
  const outcome = await payouts.create({
    payout,
    reference,
    batch,
    entries: [{ ...requested(payout), id: ids.next() }],
    events: await askedEvents({ payouts, ids }, actor, payout, reference),
    idempotency,
    dailyLimit,
  });
  if (outcome.kind === 'created') feed.poke();
  return outcome;
}

function refusalOf(
  outcome: Exclude<PayoutCreated, { readonly kind: 'created' }>,
): Result<{ payoutId: string }> {
  switch (outcome.kind) {
    case 'replayed':
    case 'key_reused':
      return repeated(outcome);
    case 'balance_short':
      return refuse('BALANCE_SHORT', 'The available balance is less than this.', 'amount');
    case 'limit_reached':
      return refuse('LIMIT_REACHED', 'More than may leave within 24 hours.', 'amount');
    case 'busy':
      return refuse('WRONG_STATE', 'Such a payout is on its way.');
    case 'merchant_closed':
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
  }
}

const repeated = (before: KeyUsed): Result<{ payoutId: string }> =>
  before.kind === 'replayed'
    ? done({ payoutId: before.resultId })
    : refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input.', 'idempotencyKey');

export function creatorOf(actor: Actor): Payout['createdBy'] {
  const { type, id } = eventActor(actor);
  return id !== null && (type === 'USER' || type === 'API_KEY') ? { type, id } : null;
}
