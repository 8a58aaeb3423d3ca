import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

let db: TestDatabase;
let merchantId: string;
let bankAccountId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  merchantId = uuid();
  bankAccountId = uuid();
  await db.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await db.pool.query(
    `INSERT INTO bank_account (id, merchant_id, currency, holder, account, country, created_at, usable_at)
     VALUES ($1, $2, 'EUR', 'Acme', 'DE89370400440532013000', 'DE', now(), now())`,
    [bankAccountId, merchantId],
  );
});
afterAll(() => db.drop());

const insert = (table: string, row: Readonly<Record<string, unknown>>) => {
  const columns = Object.keys(row);
  return db.pool.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
};
const now = new Date();

const payout = () => ({
  id: uuid(),
  merchant_id: merchantId,
  mode: 'LIVE',
  kind: 'CRYPTO',
  origin: 'REQUEST',
  status: 'QUEUED',
  currency: 'ETH',
  network: 'ETHEREUM',
  address: '0x1',
  debited: 10,
  fee: 2,
  network_fee: 1,
  arrives: 7,
  actor_type: 'SYSTEM',
  queued_at: now,
  created_at: now,
});
const FIAT = { kind: 'FIAT', currency: 'EUR', network: null, address: null };

describe('a payout', () => {
  test('is taken as the use cases write it', async () => {
    await insert('payout', payout());
    await insert('payout', { ...payout(), ...FIAT, bank_account_id: bankAccountId });
    await insert('payout', { ...payout(), status: 'PENDING_APPROVAL', queued_at: null });
    await insert('payout', { ...payout(), status: 'BROADCAST', signed_at: now, broadcast_at: now });
  });

  test.each([
    ['parts that are not the whole', { arrives: 8 }, 'payout_parts_are_the_whole'],
    ['nothing that arrives', { arrives: 0, fee: 9 }, 'payout_parts_bounds'],
    ['a fee below zero', { fee: -1, arrives: 10 }, 'payout_parts_bounds'],
    ['no address', { address: null }, 'payout_has_one_target'],
    ['no bank account', FIAT, 'payout_has_one_target'],
    ['an end without a time', { status: 'FAILED' }, 'payout_times_of_status'],
    ['a time of an end that is none', { ended_at: now }, 'payout_times_of_status'],
    ['no time in the queue', { queued_at: null }, 'payout_times_of_status'],
    ['no time of signing', { status: 'SIGNED' }, 'payout_times_of_status'],
    ['no time of broadcasting', { status: 'BROADCAST', signed_at: now }, 'payout_times_of_status'],
    [
      'waiting after the queue',
      { status: 'SIGNED', signed_at: now, waits_for: 'HELD' },
      'payout_waits_in_queue',
    ],
    ['half a place in a batch', { batch_row: 1 }, 'payout_batch_is_whole'],
  ])('is refused with %s', async (_name, wrong, constraint) => {
    await expect(insert('payout', { ...payout(), ...wrong })).rejects.toMatchObject({
      code: '23514',
      constraint,
    });
  });

  test('to a bank is refused when it is signed', async () => {
    const signed = { ...payout(), ...FIAT, bank_account_id: bankAccountId, status: 'SIGNED', signed_at: now };
    await expect(insert('payout', signed)).rejects.toMatchObject({ constraint: 'payout_fiat_is_not_signed' });
  });
});

describe('what the gateway signs', () => {
  const spend = () => ({
    id: uuid(),
    network: 'ETHEREUM',
    kind: 'SWEEP',
    status: 'SIGNED',
    from_address: '0x1',
    from_path: '1/0',
    nonce: Math.floor(Math.random() * 1e9),
    asset: 'ETH',
    amount: 1,
    to_address: '0x2',
    created_at: now,
  });
  const END = { tx_id: '0x1', block_height: 1, block_hash: '0x2', fee_paid: 0, confirmed_at: now };

  test('is taken as the stores write it', async () => {
    await insert('spend', spend());
    await insert('spend', { ...spend(), from_address: null, from_path: null, nonce: null });
    await insert('spend', { ...spend(), ...END, status: 'CONFIRMED' });
  });

  test.each([
    ['half an account', { from_path: null }, 'spend_account_is_whole'],
    ['a nonce of nobody', { from_address: null, from_path: null }, 'spend_account_is_whole'],
    ['nothing to send', { amount: 0 }, 'spend_amount_positive'],
    ['no payout', { kind: 'PAYOUT' }, 'spend_of_payout'],
    ['an end without a block', { status: 'CONFIRMED', confirmed_at: now }, 'spend_end_is_whole'],
    ['a block before the end', END, 'spend_end_is_whole'],
  ])('is refused with %s', async (_name, wrong, constraint) => {
    await expect(insert('spend', { ...spend(), ...wrong })).rejects.toMatchObject({
      code: '23514',
      constraint,
    });
  });

  test('has coins of worth', async () => {
    const coin = { id: uuid(), network: 'BITCOIN', tx_id: 'a', output_index: 0, amount: 0, path: '0/1' };
    await expect(insert('coin', coin)).rejects.toMatchObject({ constraint: 'coin_bounds' });
    await insert('coin', { ...coin, amount: 1 });
  });
});

test('a rule that is disabled says why', async () => {
  const rule = {
    id: uuid(),
    merchant_id: merchantId,
    asset: 'ETH',
    network: 'ETHEREUM',
    address: '0x1',
    threshold: 1,
    created_by: uuid(),
    created_at: now,
  };
  for (const wrong of [
    { disabled_at: now },
    { disabled_why: 'FAILING' },
    { disabled_at: now, disabled_why: 'x' },
  ])
    await expect(insert('auto_withdrawal', { ...rule, ...wrong })).rejects.toMatchObject({
      constraint: 'auto_withdrawal_disabled_is_whole',
    });
  await expect(insert('auto_withdrawal', { ...rule, threshold: 0 })).rejects.toMatchObject({
    constraint: 'auto_withdrawal_threshold_positive',
  });
});
