import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { failed, sent } from '../../domain/payout/payout-money.ts';
import { spendStuck, type StuckWhy } from '../../domain/payout/spend-events.ts';
import { minedAt } from '../../domain/payout/spend-money.ts';
import { ChainUnavailable } from '../../usecases/ports/chain-reader.ts';
import type { BroadcastAnswer, SignedTransaction, SpendSight } from '../../usecases/ports/chain-spender.ts';
import type { OpenSpend } from '../../usecases/ports/spend-store.ts';
import type { SenderDeps } from './sender-deps.ts';

/** Spends that are read at once. */
const PAGE = 200;
/** After so many spends in a row that no node tells of, none of the others is asked about. */
const UNAVAILABLE_IN_A_ROW = 3;

/**
 * Sends what is signed, looks what became of what was sent, pays more for what no block takes, and ends what is final.
 * Every step can be repeated after a crash: a transaction that was given to a node twice is the same transaction.
 */
export async function followOpen(deps: SenderDeps, signal: AbortSignal): Promise<void> {
  const { spends, spender } = deps;
  let after: string | null = null;
  let unavailable = 0;
  for (;;) {
    const page: readonly OpenSpend[] = await spends.open(spender.network, PAGE, after);
    for (const spend of page) {
      if (signal.aborted) return;
      unavailable = (await guarded(deps, spend)) ? 0 : unavailable + 1;
      if (unavailable >= UNAVAILABLE_IN_A_ROW) return;
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/** What is wrong with one spend does not keep the others. False when no node tells of it. */
async function guarded(deps: SenderDeps, spend: OpenSpend): Promise<boolean> {
  try {
    await follow(deps, spend);
  } catch (err) {
    const { id, network } = spend;
    const isUnavailable = err instanceof ChainUnavailable;
    const level = isUnavailable ? 'warn' : 'error';
    deps.logger[level]({ err, spendId: id, network }, 'a transaction could not be followed; trying again');
    return !isUnavailable;
  }
  return true;
}

async function follow(deps: SenderDeps, spend: OpenSpend): Promise<void> {
  const { spender, confirmations } = deps;
  const sight = await spender.look(
    spend.place,
    spend.transactions.map(({ txId }) => txId),
  );
  switch (sight.kind) {
    case 'UNSEEN':
      return await sendAnew(deps, spend);
    case 'POOL':
      // What was outbid is there: the higher one is still to be sent.
      if (sight.txId !== spend.transactions.at(-1)?.txId) return await sendOrOutbid(deps, spend);
      return await outbid(deps, spend);
    case 'MINED':
      if (sight.isFinal ?? sight.confirmations >= confirmations) return await end(deps, spend, sight);
      // Sent by a process that died before it said so.
      if (spend.status === 'SIGNED') await say(deps, spend);
      return;
    case 'FOREIGN':
      // Somebody else used the account's key, or a node is behind: nothing is signed anew, a person must look.
      if (spend.isGivenUp && (await abandon(deps, spend))) return;
      return await tellStuck(deps, spend, 'FOREIGN', deps.outbidAfterMilliseconds);
  }
}

/** An operator gave it up. False while it could still be mined, by the word of a single node: then the money is not free. */
async function abandon(
  { spender, spends, stamp, ids, clock, feed, logger, confirmations }: SenderDeps,
  spend: OpenSpend,
): Promise<boolean> {
  const { place, transactions, createdAt, payout } = spend;
  const txIds = transactions.map(({ txId }) => txId);
  if (!(await spender.usedElsewhere(place, txIds, createdAt, confirmations))) return false;
  const reason = 'PLACE_USED_ELSEWHERE';
  const written = await spends.abandoned({
    spend,
    entries: (payout ? failed(payout) : []).map((entry) => ({ ...entry, id: ids.next() })),
    events: payout ? [stamp(payoutEvent('payout.failed', { ...payout, status: 'FAILED' }, { reason }))] : [],
    at: clock.now(),
  });
  if (!written) return false;
  feed.poke();
  logger.warn({ spendId: spend.id, network: spend.network }, 'a transaction that was given up has ended');
  return true;
}

/** Told when it stays so for long: a node that is behind says the like for a moment. */
async function tellStuck(
  { spends, stamp, clock, feed, logger }: SenderDeps,
  spend: OpenSpend,
  why: StuckWhy,
  patience: number,
): Promise<void> {
  const last = spend.transactions.at(-1);
  const since = last?.broadcastAt ?? spend.createdAt;
  const at = clock.now();
  if (at.getTime() - since.getTime() < patience) return;
  const { id, network, kind, payout } = spend;
  const facts = { network, kind, why, txId: last?.txId ?? null, payoutId: payout?.id ?? null };
  if (!(await spends.stuck(spend, why, stamp(spendStuck(id, facts)), at))) return;
  feed.poke();
  logger.error({ spendId: id, ...facts }, 'a signed transaction does not get on; an operator must look');
}

/** What was outbid may be all that the account can pay by now: the nodes get it again when they refuse the dearer one. */
async function sendAnew(deps: SenderDeps, spend: OpenSpend): Promise<void> {
  const answer = await send(deps, spend);
  if (answer === 'taken') return;
  for (const { raw } of spend.transactions.slice(0, -1).toReversed())
    if ((await deps.spender.broadcast(raw)) === 'taken') return;
  await notTaken(deps, spend, answer);
}

async function sendOrOutbid(deps: SenderDeps, spend: OpenSpend): Promise<void> {
  const answer = await send(deps, spend);
  if (answer !== 'taken') await notTaken(deps, spend, answer);
}

/** A node that has no room for its fee lets it in for a higher one. */
async function notTaken(
  deps: SenderDeps,
  spend: OpenSpend,
  answer: Exclude<BroadcastAnswer, 'taken'>,
): Promise<void> {
  if (answer === 'refused') await tellStuck(deps, spend, 'REFUSED', deps.outbidAfterMilliseconds);
  await outbid(deps, spend);
}

/** BROADCAST is written first: from then on a node may have it, whatever becomes of this process. */
async function send(deps: SenderDeps, spend: OpenSpend): Promise<BroadcastAnswer> {
  const { spender, logger } = deps;
  const last = spend.transactions.at(-1);
  // Another process goes on with it.
  if (!last || (last.broadcastAt === null && !(await say(deps, spend)))) return 'taken';
  const answer = await spender.broadcast(last.raw);
  if (answer !== 'taken')
    logger.warn(
      { spendId: spend.id, txId: last.txId, answer },
      'a transaction was not taken; it is sent again',
    );
  return answer;
}

async function say(deps: SenderDeps, spend: OpenSpend): Promise<boolean> {
  const { payout } = spend;
  const more = { txId: spend.transactions.at(-1)?.txId ?? null };
  // Told once: a higher one is the same payment.
  const events =
    payout && spend.status === 'SIGNED'
      ? [deps.stamp(payoutEvent('payout.broadcast', { ...payout, status: 'BROADCAST' }, more))]
      : [];
  const written = await deps.spends.broadcast(spend, events, deps.clock.now());
  if (written) deps.feed.poke();
  return written;
}

/** The same payment at the same place for a higher price, when the last one has waited for long. */
async function outbid(deps: SenderDeps, spend: OpenSpend): Promise<void> {
  const { spends, clock, ids, outbidAfterMilliseconds, stuckAfterMilliseconds } = deps;
  const last = spend.transactions.at(-1);
  const waited = (since: Date): number => clock.now().getTime() - since.getTime();
  if (!last?.broadcastAt || waited(last.broadcastAt) < outbidAfterMilliseconds) return;
  if (waited(spend.createdAt) >= stuckAfterMilliseconds) await tellStuck(deps, spend, 'LATE', 0);
  const higher = await higherThan(deps, spend, last);
  if (higher) await spends.outbid(spend, ids.next(), higher, clock.now());
}

/** Null as well when no node tells what it would cost: what was sent may be mined all the same. */
async function higherThan(
  { spender, logger }: SenderDeps,
  { id, network, transfer, place }: OpenSpend,
  last: SignedTransaction,
): Promise<SignedTransaction | null> {
  try {
    return await spender.outbid(transfer, place, last);
  } catch (err) {
    if (!(err instanceof ChainUnavailable)) throw err;
    logger.warn({ err, spendId: id, network }, 'a transaction is not outbid; trying again');
    return null;
  }
}

async function end(
  { spends, ids, clock, feed, stamp }: SenderDeps,
  spend: OpenSpend,
  sight: Extract<SpendSight, { readonly kind: 'MINED' }>,
): Promise<void> {
  const { payout } = spend;
  const { txId, succeeded, feePaid } = sight;
  const entries = [
    ...(payout ? (succeeded ? [sent(payout)] : failed(payout)) : []),
    minedAt(spend.id, spend.network, feePaid),
  ].filter(({ postings }) => postings.length > 0);
  const more = { txId, feePaid: String(feePaid) };
  const event =
    payout &&
    (succeeded
      ? payoutEvent('payout.confirmed', { ...payout, status: 'CONFIRMED' }, more)
      : payoutEvent('payout.failed', { ...payout, status: 'FAILED' }, { ...more, reason: 'REVERTED' }));
  const ended = await spends.ended({
    spend,
    sight,
    entries: entries.map((entry) => ({ ...entry, id: ids.next() })),
    events: event ? [stamp(event)] : [],
    at: clock.now(),
  });
  if (ended) feed.poke();
}
