import { accountEnding } from '../../../domain/payout/bank-account.ts';
import { encodeGlobalID } from '../../../domain/text/global-id.ts';
import { decimal, head, headOf, maybeSeconds, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 a payout. */
const PAYOUT = `
  SELECT ${headOf('p')}, p.kind, p.origin, p.status, p.revision, p.currency, p.network, p.address, p.reference, p.failure,
    p.debited::text, p.fee::text, p.network_fee::text AS "networkFee", p.arrives::text, p.source_id AS "sourceId",
    p.tx_id AS "txId", p.bank_reference AS "bankReference", p.bank_account_id AS "bankAccountId", b.holder, b.account,
    p.batch_id AS "batchId", p.batch_row AS "batchRow", p.created_at AS "createdAt", p.broadcast_at AS "broadcastAt",
    p.ended_at AS "endedAt"
  FROM payout p LEFT JOIN bank_account b ON b.id = p.bank_account_id
  WHERE p.id = $1`;

type PayoutRow = HeadRow &
  Readonly<Record<'kind' | 'origin' | 'status' | 'currency' | 'debited' | 'fee' | 'networkFee', string>> &
  Readonly<Record<'arrives', string>> &
  Readonly<Record<'network' | 'address' | 'reference' | 'failure' | 'sourceId' | 'txId', string | null>> &
  Readonly<Record<'bankReference' | 'bankAccountId' | 'holder' | 'account' | 'batchId', string | null>> & {
    readonly revision: number;
    readonly batchRow: number | null;
    readonly createdAt: Date;
    readonly broadcastAt: Date | null;
    readonly endedAt: Date | null;
  };

const write = (row: PayoutRow) => ({
  ...head('payout', 'Payout', row),
  status: row.status,
  revision: row.revision,
  origin: row.origin,
  kind: row.kind,
  currency: row.currency,
  amount: decimal(row.debited, row.currency),
  fee: decimal(row.fee, row.currency),
  network_fee: decimal(row.networkFee, row.currency),
  arrives: decimal(row.arrives, row.currency),
  network: row.network,
  address: row.address,
  tx_id: row.txId,
  bank_account_id: row.bankAccountId && encodeGlobalID('BankAccount', row.bankAccountId),
  bank_account_holder: row.holder,
  bank_account_ending: row.account && accountEnding({ account: row.account }),
  bank_reference: row.bankReference,
  reference: row.reference,
  failure: row.failure,
  refund_id: row.origin === 'REFUND' && row.sourceId !== null ? encodeGlobalID('Refund', row.sourceId) : null,
  rebound_id:
    row.origin === 'REBOUND' && row.sourceId !== null ? encodeGlobalID('Rebound', row.sourceId) : null,
  batch_id: row.batchId && encodeGlobalID('PayoutBatch', row.batchId),
  batch_row: row.batchRow,
  created: seconds(row.createdAt),
  broadcast_at: maybeSeconds(row.broadcastAt),
  ended_at: maybeSeconds(row.endedAt),
});

/** A payout that an API key of the project asked for, or that carries out a refund or rebound there. */
export const payoutObject = objectSource<PayoutRow>({
  objectType: 'payout',
  text: PAYOUT,
  valuesOf: ({ subject }) => [subject.id],
  write,
});
