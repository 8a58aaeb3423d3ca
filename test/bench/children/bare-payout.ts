import { createHash } from 'node:crypto';
import type pg from 'pg';
import { v7 } from 'uuid';
import { eventRows } from '../../../src/adapters/db/event-insert.ts';
import { createLedgerAccounts } from '../../../src/adapters/db/ledger-accounts.ts';
import { ledgerRows } from '../../../src/adapters/db/ledger-rows.ts';
import { CREATE } from '../../../src/adapters/db/payout-statements.ts';
import { payoutValues } from '../../../src/adapters/db/payout-store.ts';
import { payoutEvent } from '../../../src/domain/payout/payout-events.ts';
import { requested } from '../../../src/domain/payout/payout-money.ts';
import type { Payout } from '../../../src/domain/payout/payout.ts';
import { stampEvent } from '../../../src/usecases/stamp-event.ts';
import type { Caller } from './bare-create.ts';

interface Wanted {
  readonly amount: number;
  readonly address: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

const ids = { next: () => v7() };

/** The rows of a new payout (payout, two postings, two events, key) by the product's own statement, without its checks. */
export async function payOutByStatement(pool: pg.Pool, caller: Caller, wanted: Wanted): Promise<unknown> {
  const { id: keyId, merchantId, projectId, mode } = caller;
  const amount = BigInt(wanted.amount);
  const payout: Payout = {
    id: v7(),
    merchantId,
    projectId,
    mode,
    origin: 'REQUEST',
    target: { kind: 'CRYPTO', network: 'ETHEREUM', address: wanted.address },
    currency: 'USDT',
    status: 'QUEUED',
    revision: 0,
    debited: amount,
    fee: 0n,
    networkFee: 0n,
    arrives: amount,
    approvalsRequired: 0,
    createdBy: { type: 'API_KEY', id: keyId },
    sourceId: null,
    createdAt: new Date(),
  };
  const entries = [{ ...requested(payout), id: v7() }];
  const { transactions, postings } = await ledgerRows(mode, entries, accountsOf(pool), ids);
  const stamp = { actor: { type: 'API_KEY', id: keyId }, at: payout.createdAt } as const;
  const events = (['payout.requested', 'payout.queued'] as const).map((type) =>
    stampEvent(payoutEvent(type, payout), { id: v7(), ...stamp }),
  );
  const inputHash = createHash('sha256').update(JSON.stringify(wanted)).digest();
  await pool.query({
    name: 'pay_out',
    text: CREATE,
    values: [
      ...payoutValues({ payout, reference: wanted.reference, batch: null }),
      transactions,
      postings,
      eventRows(events),
      keyId,
      'payoutCreate',
      wanted.idempotencyKey,
      inputHash,
    ],
  });
  const { id, status } = payout;
  return { payoutCreate: { __typename: 'Payout', id, status, reference: wanted.reference } };
}

let accounts: ReturnType<typeof createLedgerAccounts> | undefined;
const accountsOf = (pool: pg.Pool) => (accounts ??= createLedgerAccounts(pool, ids));
