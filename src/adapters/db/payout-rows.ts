import { accountEnding } from '../../domain/payout/bank-account.ts';
import type { PayoutNames } from '../../usecases/ports/payout-store.ts';
import type { Payout } from '../../domain/payout/payout.ts';

/** A payout as JSON, with exact numbers as text and times as milliseconds; `p` is the alias of its table. */
export const PAYOUT_JSON = `json_build_object(
      'id', p.id, 'merchantId', p.merchant_id, 'projectId', p.project_id, 'mode', p.mode, 'origin', p.origin,
      'kind', p.kind, 'network', p.network, 'address', p.address, 'bankAccountId', p.bank_account_id,
      'currency', p.currency, 'status', p.status, 'revision', p.revision, 'approvalsRequired', p.approvals_required,
      'debited', p.debited::text, 'fee', p.fee::text, 'networkFee', p.network_fee::text, 'arrives', p.arrives::text,
      'actorType', p.actor_type, 'actorId', p.actor_id, 'sourceId', p.source_id,
      'isTaken', p.taken_at IS NOT NULL, 'makers', p.makers,
      'createdAt', extract(epoch FROM p.created_at) * 1000)`;

export interface PayoutJson extends Pick<
  Payout,
  | 'id'
  | 'merchantId'
  | 'projectId'
  | 'mode'
  | 'origin'
  | 'currency'
  | 'status'
  | 'revision'
  | 'approvalsRequired'
  | 'sourceId'
> {
  readonly isTaken: boolean;
  readonly makers: readonly string[];
  readonly kind: 'CRYPTO' | 'FIAT';
  readonly network: string | null;
  readonly address: string | null;
  readonly bankAccountId: string | null;
  readonly debited: string;
  readonly fee: string;
  readonly networkFee: string;
  readonly arrives: string;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly createdAt: number;
}

export function toPayout(row: PayoutJson): Payout {
  const {
    id,
    merchantId,
    projectId,
    mode,
    origin,
    currency,
    status,
    revision,
    approvalsRequired,
    sourceId,
    isTaken,
    makers,
  } = row;
  return {
    id,
    merchantId,
    projectId,
    mode,
    origin,
    currency,
    status,
    revision,
    approvalsRequired,
    sourceId,
    isTaken,
    makers,
    target: targetOf(row),
    debited: BigInt(row.debited),
    fee: BigInt(row.fee),
    networkFee: BigInt(row.networkFee),
    arrives: BigInt(row.arrives),
    createdBy: creatorOf(row),
    createdAt: new Date(row.createdAt),
  };
}

export const toNames = (row: Partial<PayoutNames> = {}): PayoutNames => ({
  askedBy: row.askedBy ?? null,
  holder: row.holder ?? null,
  account: typeof row.account === 'string' ? accountEnding({ account: row.account }) : null,
  invoiceId: row.invoiceId ?? null,
  orderId: row.orderId ?? null,
  inboxNamedBy: row.inboxNamedBy ?? null,
});

function targetOf({ id, network, address, bankAccountId }: PayoutJson): Payout['target'] {
  if (bankAccountId !== null) return { kind: 'FIAT', bankAccountId };
  if (network !== null && address !== null) return { kind: 'CRYPTO', network, address };
  throw new Error(`payout ${id} goes nowhere`);
}

const creatorOf = ({ actorType, actorId }: PayoutJson): Payout['createdBy'] =>
  actorId !== null && (actorType === 'USER' || actorType === 'API_KEY')
    ? { type: actorType, id: actorId }
    : null;
