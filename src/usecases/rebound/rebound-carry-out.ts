import { SYSTEM, eventActor } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import { withDebts } from '../../domain/ledger/balances.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { unsent } from '../../domain/rebound/rebound-money.ts';
import type { Rebound } from '../../domain/rebound/rebound.ts';
import type { PayoutForSource } from '../payout/payout-for-source.ts';
import { isToGoBack } from '../payout/source-stands.ts';
import type { ReboundChange } from '../ports/rebound-store.ts';
import { failureOf, type PayoutEnd } from '../refund/refund-carry-out.ts';
import { stampEvent } from '../stamp-event.ts';
import type { ReboundDeps } from './rebound-deps.ts';
import { reboundPayerTold } from './rebound-payer-told.ts';

export type ReboundCarryOutDeps = Pick<
  ReboundDeps,
  'rebounds' | 'refunds' | 'invoices' | 'deposits' | 'ids' | 'clock' | 'feed'
> & { readonly payoutForSource: PayoutForSource };

/** Makes the payout of a rebound whose payer said where it is to go. Does nothing for another one; safe to repeat. */
export const reboundCarryOut =
  ({ rebounds, payoutForSource }: Pick<ReboundCarryOutDeps, 'rebounds' | 'payoutForSource'>) =>
  async (reboundId: string): Promise<void> => {
    const rebound = await rebounds.byId(reboundId);
    if (!rebound || rebound.status !== 'WITHDRAW_REQUESTED' || rebound.address === null) return;
    const { id, merchantId, projectId, mode, asset, network, amount, networkFee } = rebound;
    await payoutForSource(
      {
        origin: 'REBOUND',
        id,
        merchantId,
        projectId,
        mode,
        currency: asset,
        network,
        debited: amount,
        networkFee,
        createdBy: null,
      },
      rebound.address,
    );
  };

/** Ends a rebound as its payout ended: where nothing was sent, the money waits for a decision again. Safe to repeat. */
export const reboundEnd =
  (deps: Omit<ReboundCarryOutDeps, 'payoutForSource'>) =>
  async (reboundId: string, end: PayoutEnd): Promise<void> => {
    const before = await deps.rebounds.byId(reboundId);
    if (!before || before.status !== 'WITHDRAW_REQUESTED') return;
    const written = await deps.rebounds.change(
      end.status === 'CONFIRMED' ? await completed(deps, before, end) : await rejected(deps, before, end),
    );
    // Its payment was reversed at this moment, or a balance moved: the next look goes by that.
    if (!written) throw new Error(`rebound ${reboundId} was overtaken while it ended`);
    deps.feed.poke();
  };

type Deps = Parameters<typeof reboundEnd>[0];

async function completed(deps: Deps, before: Rebound, { txId }: PayoutEnd): Promise<ReboundChange> {
  const after: Rebound = { ...before, status: 'COMPLETED' };
  const at = deps.clock.now();
  return {
    before,
    after,
    entries: [],
    events: await ended(deps, after, 'rebound.completed', { txId }, at),
    at,
  };
}

/** The payment may have been taken back by the chain since: its money is not in the queue then, but pays the debt. */
async function rejected(deps: Deps, before: Rebound, end: PayoutEnd): Promise<ReboundChange> {
  const { invoices, deposits, ids, clock } = deps;
  const { paymentId } = before;
  const snapshot = (await invoices.snapshotOfPayment(paymentId)) ?? (await deposits.snapshot({ paymentId }));
  if (!snapshot) throw new Error(`there is no payment ${paymentId}`);
  const payment =
    'wallet' in snapshot ? snapshot.payment : snapshot.invoice.payments.find((p) => p.id === paymentId);
  const isHeld = payment && isToGoBack(payment);
  const entries = isHeld ? [] : withDebts([unsent(before)], snapshot.balances);
  const after: Rebound = { ...before, status: 'REJECTED' };
  const at = clock.now();
  const failure = failureOf(end);
  return {
    before,
    after,
    ...(isHeld ? { decision: { from: 'REBOUNDED', to: 'NONE' } } : {}),
    failure,
    entries: entries.map((entry) => ({ ...entry, id: ids.next() })),
    events: await ended(deps, after, 'rebound.rejected', { failure, txId: end.txId }, at),
    at,
  };
}

/** What members and the payer are told. */
const ended = async (
  { refunds, ids }: Deps,
  after: Rebound,
  type: 'rebound.completed' | 'rebound.rejected',
  data: { readonly txId: string | null; readonly failure?: string },
  at: Date,
): Promise<NewEvent[]> =>
  [reboundEvent(type, after, data), ...(await reboundPayerTold(refunds, after, data.txId))].map((draft) =>
    stampEvent(draft, { id: ids.next(), actor: eventActor(SYSTEM), at }),
  );
