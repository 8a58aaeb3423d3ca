import type { Pool } from 'pg';
import { writeLedger } from '../../../src/adapters/db/invoice-statements.ts';
import { createLedgerAccounts } from '../../../src/adapters/db/ledger-accounts.ts';
import { ledgerRows } from '../../../src/adapters/db/ledger-rows.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import type { LedgerEntry } from '../../../src/domain/ledger/entries.ts';
import type { PayoutOrigin } from '../../../src/domain/payout/payout.ts';

export interface Owner {
  readonly merchantId: string;
  readonly projectId: string;
}

/** A payment that is in a block. */
export interface Deposit {
  readonly network: string;
  readonly asset: string;
  readonly amount: bigint;
  readonly address: string;
  readonly derivationIndex: number;
  readonly txId: string;
  readonly outputIndex: number;
  readonly height: bigint;
}

export interface Asked {
  readonly id: string;
  readonly asset: string;
  readonly to: string;
  readonly arrives: bigint;
}

export interface NewPayoutRow extends Omit<Asked, 'id'> {
  readonly owner: Owner;
  readonly network: string;
  readonly origin: PayoutOrigin;
  readonly fee: bigint;
  readonly networkFee: bigint;
}

/** The gateway's books as the payments and the API leave them for the sender. */
export function openBooks(pool: Pool) {
  const accounts = createLedgerAccounts(pool, ids);

  const owner = async (): Promise<Owner> => {
    const [merchantId, projectId] = [ids.next(), ids.next()];
    await pool.query(
      `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
      [merchantId],
    );
    await pool.query(
      `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
       VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
      [projectId, merchantId],
    );
    return { merchantId, projectId };
  };

  /** Credited, and set aside for what is to be paid out. */
  const deposited = async ({ merchantId, projectId }: Owner, deposit: Deposit): Promise<void> => {
    const [invoiceId, paymentId] = [ids.next(), ids.next()];
    const { network, asset, amount } = deposit;
    await pool.query(
      `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
       VALUES ($1, $2, $3, 'LIVE', 'USD', 1000, now(), now() + interval '10 minutes')`,
      [invoiceId, merchantId, projectId],
    );
    await pool.query(
      `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
       VALUES ($1, $2, $3, $4, $5, now())`,
      [ids.next(), network, deposit.address, deposit.derivationIndex, invoiceId],
    );
    await pool.query(
      `INSERT INTO payment (id, merchant_id, project_id, invoice_id, mode, network, tx_id, output_index, asset, amount,
         credited, settled, settled_currency, status, confirmations_required, detected_at, block_height, block_hash)
       VALUES ($1, $2, $3, $4, 'LIVE', $5, $6, $7, $8, $9, $9, $9, $8, 'CREDITED', 1, now(), $10, 'hash')`,
      [
        paymentId,
        merchantId,
        projectId,
        invoiceId,
        network,
        deposit.txId,
        deposit.outputIndex,
        asset,
        amount,
        deposit.height,
      ],
    );
    await write({
      sourceType: 'PAYMENT',
      sourceId: paymentId,
      kind: 'CREDITED',
      postings: [
        { account: { kind: 'CUSTODY', asset, merchantId: null, network }, amount: -amount },
        { account: { kind: 'HELD', asset, merchantId, network: null }, amount },
      ],
    });
  };

  const write = async (entry: LedgerEntry): Promise<void> => {
    const { transactions, postings } = await ledgerRows(
      'LIVE',
      [{ ...entry, id: ids.next() }],
      accounts,
      ids,
    );
    await pool.query(
      `WITH target AS (SELECT 'LIVE'::"Mode" AS mode, NULL::uuid AS project_id),
         ${writeLedger('target', '$1', '$2', '$3')} SELECT 1`,
      [transactions, postings, new Date()],
    );
  };

  const queued = async (payout: NewPayoutRow): Promise<Asked> => {
    const id = ids.next();
    const { owner: of, arrives, fee, networkFee, asset, to } = payout;
    const sourceId = payout.origin === 'REFUND' || payout.origin === 'REBOUND' ? ids.next() : null;
    await pool.query(
      `INSERT INTO payout (id, merchant_id, mode, kind, origin, status, currency, network, address, debited, fee,
         network_fee, arrives, actor_type, source_id, created_at, queued_at)
       VALUES ($1, $2, 'LIVE', 'CRYPTO', $3, 'QUEUED', $4, $5, $6, $7, $8, $9, $10, 'SYSTEM', $11, now(), now())`,
      [
        id,
        of.merchantId,
        payout.origin,
        asset,
        payout.network,
        to,
        arrives + fee + networkFee,
        fee,
        networkFee,
        arrives,
        sourceId,
      ],
    );
    return { id, asset, to, arrives };
  };

  return { owner, deposited, queued };
}

export type Books = ReturnType<typeof openBooks>;
