import type { Pool } from 'pg';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { Role } from '../../../src/domain/access/actor.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import type { MovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { bookAvailable } from '../payout-rules/fiat-shop.ts';

export const PAYEE = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';

/** A LIVE payout of USDT by a signed-in person. */
export type Asked = Partial<operations.PayoutRequestInput>;

/** A shop whose owner has proved presence and a second factor, with nothing that holds payouts back, and 1,000 USDT. */
export async function openPayoutShop(
  kit: TestPlatform,
  clock: MovableClock,
  email: string,
): Promise<DemoMerchant> {
  const { pool } = kit.database;
  const shop = await openShop(kit, email, clock.now());
  await forgetHolds(pool);
  await pool.query(
    `UPDATE session s SET second_factor_at = $2, stepped_up_at = $2 FROM "user" u
     WHERE u.id = s.user_id AND u.email = $1`,
    [email, clock.now()],
  );
  await pool.query(
    `INSERT INTO totp (user_id, sealed_secret, created_at, enabled_at)
     SELECT id, '\\x00', now(), now() FROM "user" WHERE email = $1`,
    [email],
  );
  // Keys that ask for payouts work from listed addresses only.
  await pool.query(
    `UPDATE api_key SET scopes = scopes || '{payout:read,payout:write}',
       ip_ranges = '{127.0.0.0/16,::1/128,::ffff:127.0.0.0/112}'
     WHERE project_id = $1`,
    [rowIdOf(shop.projectId)],
  );
  await bookAvailable(pool, shop.merchantId, 'USDT', 1_000_000_000n);
  await bookAvailable(pool, shop.merchantId, 'USDT', 1_000_000_000n, 'TEST');
  return shop;
}

/** As if a day had gone by since each hold, such as that of a new LIVE key. The log of holds is only added to: not here. */
export async function forgetHolds(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query('DELETE FROM withdrawal_hold');
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

export interface Colleague {
  readonly api: ApiClient;
  readonly userId: string;
}

/** Another member, who has proved presence and a second factor. */
export async function insertColleague(
  pool: Pool,
  { merchantId }: Pick<DemoMerchant, 'merchantId'>,
  api: ApiClient,
  at: Date,
  role: Role = 'FINANCE',
): Promise<Colleague> {
  const userId = await insertUser(pool, `${crypto.randomUUID()}@colleague.example`, at);
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, $4::"Role", $5)`,
    [uuidSource.next(), rowIdOf(merchantId), userId, role, at],
  );
  const { token } = await insertSession(pool, userId, { secondFactorAt: at, steppedUpAt: at, at });
  return { api: api.as(token), userId };
}

export const requestOf = (merchantId: string | null, more: Asked = {}): operations.PayoutRequestInput => ({
  merchantId,
  currency: 'USDT',
  amount: '10',
  network: 'ETHEREUM',
  address: PAYEE,
  ...more,
});

export const tryPayout = async (api: ApiClient, input: operations.PayoutRequestInput) =>
  (await api.send(operations.PayoutMakeDocument, { input })).payoutCreate;
export const payout = async (api: ApiClient, input: operations.PayoutRequestInput) =>
  accepted(await tryPayout(api, input), 'Payout');
export const preview = async (api: ApiClient, input: operations.PayoutRequestInput) =>
  (await api.send(operations.PayoutDryRunDocument, { input })).payoutPreview;
export const batch = async (api: ApiClient, input: operations.PayoutBatchCreateInput) =>
  (await api.send(operations.PayoutBatchMakeDocument, { input })).payoutBatchCreate;

type Decision = Omit<operations.PayoutDecisionInput, 'payoutId' | 'revision'>;
type Seen = { readonly id: string; readonly revision: number };
const decision = ({ id, revision }: Seen, more: Decision) => ({ payoutId: id, revision, ...more });
export const callOff = async (api: ApiClient, seen: Seen, more: Decision = {}) =>
  (await api.send(operations.PayoutCallOffDocument, { input: decision(seen, more) })).payoutCancel;
export const agree = async (api: ApiClient, seen: Seen) =>
  (await api.send(operations.PayoutAgreeDocument, { input: decision(seen, {}) })).payoutApprove;
export const turnDown = async (api: ApiClient, seen: Seen, more: Decision = {}) =>
  (await api.send(operations.PayoutRefuseDocument, { input: decision(seen, more) })).payoutReject;
export const simulateEnd = async (api: ApiClient, payoutId: string, outcome?: 'CONFIRMED' | 'FAILED') =>
  (await api.send(operations.TestPayoutEndDocument, { input: { payoutId, outcome: outcome ?? null } }))
    .testPayoutSimulate;

/** In place of the policy that stands there, unless a revision is said. */
export const setPolicy = async (
  api: ApiClient,
  merchantId: string,
  policy: Partial<Omit<operations.PayoutPolicyUpdateInput, 'merchantId'>>,
) => {
  const { node } = await api.send(operations.PayoutPolicyRevisionDocument, { merchantId });
  const revision = node && 'payoutPolicy' in node ? node.payoutPolicy.revision : 0;
  const { payoutPolicyUpdate } = await api.send(operations.PayoutPolicySetDocument, {
    input: { merchantId, revision, approvalsRequired: 0, approvalAbove: [], dailyLimit: [], ...policy },
  });
  return payoutPolicyUpdate;
};

/** Available and held of USDT of one mode. */
export async function usdtOf(pool: Pool, merchantId: string, mode: 'TEST' | 'LIVE' = 'LIVE') {
  const { rows } = await pool.query<{ kind: string; balance: string }>(
    `SELECT kind, balance::text FROM ledger_account
     WHERE merchant_id = $1 AND asset = 'USDT' AND mode = $2::"Mode"`,
    [rowIdOf(merchantId), mode],
  );
  const of = (kind: string): bigint => BigInt(rows.find((row) => row.kind === kind)?.balance ?? 0);
  return { available: of('AVAILABLE'), held: of('HELD'), owed: of('OWED') };
}

/** What tells that nothing was written. */
export async function traces(pool: Pool) {
  const { rows } = await pool.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM payout) AS payouts, (SELECT count(*) FROM refund) AS refunds,
       (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM event) AS events,
       (SELECT count(*) FROM idempotency_key) AS keys, (SELECT count(*) FROM payout_approval) AS approvals,
       (SELECT string_agg(id::text || status || revision, ',' ORDER BY id) FROM payout) AS standing`,
  );
  return rows[0];
}

/** Makes a TEST invoice and all that was paid of it one of LIVE mode, with its money on the LIVE balance. */
export async function turnLive(pool: Pool, merchantId: string, invoiceId: string): Promise<void> {
  await pool.query(`UPDATE invoice SET mode = 'LIVE' WHERE id = $1`, [rowIdOf(invoiceId)]);
  await bookAvailable(pool, merchantId, 'USDT', 1_000_000_000n);
}

export const payoutId = (rowId: string): string => globalIdOf('Payout', rowId);
