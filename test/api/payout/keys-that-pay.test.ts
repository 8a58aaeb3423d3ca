import { beforeAll, expect, test } from 'vitest';
import { ApiErrors, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import type * as operations from '../../../src/generated/documents.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { make, rotate } from '../api-key/key-shop.ts';
import { paidInvoice, refund, tryRefund } from '../refund/refund-shop.ts';
import { batch, openPayoutShop, payout, requestOf, tryPayout } from './payout-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@keys.example');
});

const keyWith = async (scopes: operations.ApiKeyScope[]): Promise<{ id: string; api: ApiClient }> => {
  const { secret, apiKey } = await make(shop.owner, { projectId: shop.projectId, scopes });
  return { id: apiKey.id, api: kit.platform.api.as(secret) };
};
const written = () =>
  rowCounts(kit.database.pool, ['payout', 'refund', 'event', 'posting', 'idempotency_key', 'invoice']);
const codeOf = async (work: Promise<{ readonly __typename?: string; readonly code?: string }>) => {
  try {
    const { code, __typename } = await work;
    return code ?? __typename;
  } catch (error) {
    if (error instanceof ApiErrors) return error.errors[0]?.extensions?.code;
    throw error;
  }
};

test('a key that would not see the answer does nothing', async () => {
  const invoiceId = await paidInvoice(shop.test, { customerEmail: 'cara@keys.example' });
  const { api: writer } = await keyWith(['PAYOUT_WRITE']);
  const { api: payer } = await keyWith(['PAYOUT_WRITE', 'PAYOUT_READ']);
  const before = await written();
  expect(await codeOf(tryPayout(writer, requestOf(null)))).toBe('NOT_FOUND');
  const { amount, currency, network, address } = requestOf(null);
  const rows = [{ amount, currency, network, address }];
  expect(await codeOf(batch(writer, { rows, idempotencyKey: 'b' }))).toBe('NOT_FOUND');
  expect(await codeOf(tryRefund(payer, { invoiceId, amount: '1' }))).toBe('NOT_FOUND');
  expect(await written()).toEqual(before);
  expect(await codeOf(tryPayout(payer, requestOf(null)))).toBe('Payout');
});

test('a repeat by the key that took another one’s place gives the first answer', async () => {
  const invoiceId = await paidInvoice(shop.test, { customerEmail: 'cora@keys.example' });
  const first = await keyWith(['PAYOUT_WRITE', 'PAYOUT_READ', 'INVOICE_READ']);
  const asked = requestOf(null, { idempotencyKey: 'salary' });
  const back = { invoiceId, amount: '1', idempotencyKey: 'back' };
  const made = await payout(first.api, asked);
  const refunded = await refund(first.api, back);
  const second = await rotate(shop.owner, first.id, 1);
  const third = await rotate(shop.owner, second.apiKey.id, 1);
  const before = await written();
  for (const { secret } of [second, third]) {
    const api = kit.platform.api.as(secret);
    expect((await payout(api, asked)).id).toBe(made.id);
    expect((await refund(api, back)).id).toBe(refunded.id);
  }
  expect(await written()).toEqual(before);
  const other = await keyWith(['PAYOUT_WRITE', 'PAYOUT_READ']);
  expect((await payout(other.api, asked)).id).not.toBe(made.id);
});
