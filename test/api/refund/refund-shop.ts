import type { Pool } from 'pg';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { eventActor, SYSTEM } from '../../../src/domain/access/actor.ts';
import { payoutEvent } from '../../../src/domain/payout/payout-events.ts';
import { requested, sent } from '../../../src/domain/payout/payout-money.ts';
import type { Payout } from '../../../src/domain/payout/payout.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { stampEvent } from '../../../src/usecases/stamp-event.ts';
import { everythingTold, rowIdOf } from '../../testkit/facts.ts';
import { insertSession } from '../../testkit/people.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';

export const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

/** A TEST invoice of 100 USD that was paid with USDT. */
export async function paidInvoice(
  api: ApiClient,
  input: Partial<operations.InvoiceCreateInput> = {},
): Promise<string> {
  const { id } = await createInvoice(api, { amount: '100', ...input });
  await simulatePayment(api, id, (await createQuote(api, id)).id);
  return id;
}

export const tryRefund = async (api: ApiClient, input: operations.RefundCreateInput) =>
  (await api.send(operations.RefundCreateDocument, { input })).refundCreate;

export const refund = async (api: ApiClient, input: operations.RefundCreateInput) =>
  accepted(await tryRefund(api, input), 'Refund');

export const refundsOf = async (api: ApiClient, id: string) => {
  const { invoice } = await api.send(operations.RefundsOfInvoiceDocument, { id });
  return invoice?.refunds.edges.map(({ node }) => node) ?? [];
};

/** The links that somebody was sent, oldest first. */
export async function claimLinks({ database, platform }: TestPlatform, email: string): Promise<string[]> {
  await everythingTold(database.pool);
  const texts = platform.mail.mails
    .filter(({ recipients }) => recipients.includes(email))
    .map(({ parsed }) => String(parsed.text));
  return texts.flatMap((text) => [...text.matchAll(/\/(?:refund|rebound)\/[\w-]+/g)].map(([path]) => path));
}

export async function claimLink(kit: TestPlatform, email: string): Promise<string> {
  const link = (await claimLinks(kit, email)).at(-1);
  if (link === undefined) throw new Error(`${email} was sent no link`);
  return `${kit.platform.url}${link}`;
}

export const post = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form) });

export const claim = (url: string, address = ADDRESS) => post(url, { address, confirmed: 'yes' });

/** The payer takes the newest link that was sent there. */
export async function claimed(kit: TestPlatform, email: string): Promise<void> {
  const { status } = await claim(await claimLink(kit, email));
  if (status !== 200) throw new Error(`the claim was answered with ${status}`);
}

/** Pending, available and held of one asset of a merchant. */
export async function balanceOf(pool: Pool, merchantId: string, asset: string) {
  const { rows } = await pool.query<{ kind: string; balance: string }>(
    'SELECT kind, balance::text FROM ledger_account WHERE merchant_id = $1 AND asset = $2',
    [rowIdOf(merchantId), asset],
  );
  const of = (kind: string): bigint => BigInt(rows.find((row) => row.kind === kind)?.balance ?? 0);
  return { available: of('AVAILABLE'), held: of('HELD') };
}

/** Ends the payout of a refund or rebound as the sender would. */
export async function endPayout(pool: Pool, sourceId: string, status: 'CONFIRMED' | 'FAILED'): Promise<void> {
  const payouts = createPayoutStore(pool, uuidSource);
  const id = rowIdOf(sourceId);
  const before = (await payouts.ofSource('REFUND', id)) ?? (await payouts.ofSource('REBOUND', id));
  if (!before) throw new Error(`there is no payout of ${sourceId}`);
  const after = { ...before, status };
  const type = status === 'CONFIRMED' ? 'payout.confirmed' : 'payout.failed';
  const at = new Date();
  const failed = status === 'FAILED' ? { failure: 'TRANSFER_REFUSED' } : {};
  const told = status === 'FAILED' ? { reason: 'TRANSFER_REFUSED' } : {};
  const written = await payouts.change({
    before,
    after,
    ...failed,
    entries: status === 'CONFIRMED' ? [{ ...sent(before), id: uuidSource.next() }] : [],
    events: [
      stampEvent(payoutEvent(type, after, told), { id: uuidSource.next(), actor: eventActor(SYSTEM), at }),
    ],
    at,
  });
  if (!written) throw new Error(`the payout of ${sourceId} was changed`);
}

/** A person's session at a later time. */
export async function signedInAnew(
  { database, platform }: TestPlatform,
  email: string,
  at: Date,
): Promise<ApiClient> {
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [
    email,
  ]);
  const { token } = await insertSession(database.pool, rows[0]?.id ?? '', { steppedUpAt: at, at });
  return platform.api.as(token);
}

/** Sets USDT of a merchant aside for a payout. */
export async function drain(
  pool: Pool,
  { merchantId }: { readonly merchantId: string },
  debited: bigint,
): Promise<void> {
  const payout: Payout = {
    id: uuidSource.next(),
    merchantId: rowIdOf(merchantId),
    projectId: null,
    mode: 'TEST',
    origin: 'REQUEST',
    target: { kind: 'CRYPTO', network: 'ETHEREUM', address: ADDRESS },
    currency: 'USDT',
    status: 'QUEUED',
    revision: 0,
    debited,
    fee: 0n,
    networkFee: 0n,
    arrives: debited,
    approvalsRequired: 0,
    createdBy: null,
    sourceId: null,
    createdAt: new Date(),
  };
  const made = await createPayoutStore(pool, uuidSource).create({
    payout,
    reference: null,
    batch: null,
    entries: [{ ...requested(payout), id: uuidSource.next() }],
    events: [],
    idempotency: null,
    dailyLimit: null,
  });
  if (made.kind !== 'created') throw new Error(`nothing was set aside: ${made.kind}`);
}
