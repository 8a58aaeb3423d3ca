import type { Payout } from '../../domain/payout/payout.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import { weakerThan, type StuckWhy } from '../../domain/payout/spend-events.ts';
import { sameWait, strongerThan } from '../../domain/payout/payout-waits.ts';
import type { SignedTransaction, SpendCoin, SpendPlace } from '../../usecases/ports/chain-spender.ts';
import type { NewSpend, OpenSpend, SpendEnd, Waiting } from '../../usecases/ports/spend-store.ts';
import { eventRows } from './event-insert.ts';
import { toPayout, type PayoutJson } from './payout-rows.ts';

/** Operators hear of what lasts several times a day. */
const TOLD_AGAIN_AFTER_MS = 6 * 3_600_000;
/** And of the next shortage at once, though not of one that comes and goes with a node. */
const NEXT_TOLD_AFTER_MS = 10 * 60_000;

export interface OpenRow {
  readonly id: string;
  readonly network: string;
  readonly kind: OpenSpend['kind'];
  readonly status: OpenSpend['status'];
  readonly revision: number;
  readonly from_address: string | null;
  readonly from_path: string | null;
  readonly nonce: string | null;
  readonly asset: string;
  readonly amount: string;
  readonly to_address: string;
  readonly created_at: Date;
  readonly given_up: boolean;
  readonly payout: PayoutJson | null;
  readonly transactions: readonly TransactionJson[];
  readonly coins: readonly CoinJson[];
}

interface TransactionJson {
  readonly id: string;
  readonly txId: string;
  readonly raw: string;
  readonly feeRate: string;
  readonly maxFee: string;
  readonly changeIndex: number | null;
  readonly changeAmount: string | null;
  readonly broadcastAt: number | null;
}

export interface CoinJson extends Omit<SpendCoin, 'amount'> {
  readonly amount: string;
}

export const transactionValues = ({ txId, raw, feeRate, maxFee, change }: SignedTransaction): unknown[] => [
  txId,
  Buffer.from(raw),
  feeRate,
  maxFee,
  change?.outputIndex ?? null,
  change?.amount ?? null,
];

/** In the order in which SIGNED names them. */
export const signedValues = ({ payout, transfer, place, signed, ...spend }: NewSpend): unknown[] => [
  spend.id,
  spend.network,
  spend.kind,
  payout?.id ?? null,
  payout?.revision ?? null,
  place.family === 'EVM' ? place.from : null,
  place.family === 'EVM' ? place.path : null,
  place.family === 'EVM' ? place.nonce : null,
  place.family === 'UTXO' ? place.coins.map(({ id }) => id) : [],
  transfer.asset,
  transfer.amount,
  transfer.to,
  spend.transactionId,
  ...transactionValues(signed),
  eventRows(spend.events),
  spend.at,
];

/** In the order in which ENDED names them, the ledger's rows after them. */
export function endValues({ spend, sight, events, at }: SpendEnd, coinId: string): unknown[] {
  const mined = spend.transactions.find(({ txId }) => txId === sight.txId);
  return [
    spend.id,
    spend.revision,
    sight.succeeded ? 'CONFIRMED' : 'FAILED',
    sight.txId,
    sight.height,
    sight.hash,
    sight.feePaid,
    spend.payout?.id ?? null,
    spend.payout?.revision ?? null,
    mined?.change ? coinId : null,
    mined?.change?.outputIndex ?? null,
    mined?.change?.amount ?? null,
    eventRows(events),
    at,
  ];
}

/** In the order in which WAITS names them. */
export const waitsValues = (payout: Payout, { reason, event, alert, at }: Waiting): unknown[] => [
  payout.id,
  payout.revision,
  reason,
  alert?.asset ?? null,
  eventRows([event]),
  eventRows(alert ? [alert.event] : []),
  at,
  alert?.amount ?? null,
  new Date(at.getTime() - TOLD_AGAIN_AFTER_MS),
  new Date(at.getTime() - NEXT_TOLD_AFTER_MS),
  sameWait(reason),
  strongerThan(reason),
];

/** In the order in which STUCK names them. */
export const stuckValues = (spendId: string, why: StuckWhy, event: NewEvent, at: Date): unknown[] => [
  spendId,
  why,
  eventRows([event]),
  at,
  weakerThan(why),
  new Date(at.getTime() - TOLD_AGAIN_AFTER_MS),
];

export const toCoin = ({ amount, ...coin }: CoinJson): SpendCoin => ({ ...coin, amount: BigInt(amount) });

export function toOpenSpend(row: OpenRow): OpenSpend {
  return {
    id: row.id,
    network: row.network,
    kind: row.kind,
    status: row.status,
    revision: row.revision,
    payout: row.payout && toPayout(row.payout),
    transfer: { asset: row.asset, to: row.to_address, amount: BigInt(row.amount) },
    place: placeOf(row),
    transactions: row.transactions.map((each) => ({
      id: each.id,
      txId: each.txId,
      raw: Buffer.from(each.raw, 'hex'),
      feeRate: BigInt(each.feeRate),
      maxFee: BigInt(each.maxFee),
      change:
        each.changeIndex === null || each.changeAmount === null
          ? null
          : { outputIndex: each.changeIndex, amount: BigInt(each.changeAmount) },
      broadcastAt: each.broadcastAt === null ? null : new Date(each.broadcastAt),
    })),
    createdAt: row.created_at,
    isGivenUp: row.given_up,
  };
}

const placeOf = ({ from_address, from_path, nonce, coins }: OpenRow): SpendPlace =>
  from_address !== null && from_path !== null && nonce !== null
    ? { family: 'EVM', from: from_address, path: from_path, nonce: BigInt(nonce) }
    : { family: 'UTXO', coins: coins.map(toCoin) };
