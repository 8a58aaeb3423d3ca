import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { everythingTold } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { startReceiver, type WebhookReceiver } from '../../testkit/webhook-receiver.ts';
import { make } from '../api-key/key-shop.ts';
import { insertColleague, openPayoutShop, payout, requestOf, tryPayout } from '../payout/payout-shop.ts';
import {
  create,
  deliveriesOf,
  endpointOf,
  LOOPBACK_ENV,
  tryCreate,
  tryRedeliver,
  tryUpdate,
} from './webhook-shop.ts';

// Webhooks are no way around roles (decision record 0042).
const clock = createMovableClock();
const kit = usePlatform({ env: LOOPBACK_ENV, overrides: { clock } });

let receiver: WebhookReceiver;
let shop: DemoMerchant;
/** A member and a key who manage webhooks and see no payouts, and a key that sees them. */
let developer: ApiClient;
let unseeing: ApiClient;
let seeing: ApiClient;
beforeAll(async () => {
  receiver = await startReceiver();
  // As a server under test does: what it was sent comes back.
  receiver.answerWith(({ body }) => ({ status: 200, body }));
  shop = await openPayoutShop(kit, clock, 'ada@told.example');
  developer = (await insertColleague(kit.database.pool, shop, kit.platform.api, clock.now(), 'DEVELOPER'))
    .api;
  const { projectId } = shop;
  const key = async (...more: 'PAYOUT_READ'[]) => {
    const scopes = ['WEBHOOK_READ', 'WEBHOOK_WRITE', ...more] as const;
    return kit.platform.api.as((await make(shop.owner, { projectId, scopes: [...scopes] })).secret);
  };
  [unseeing, seeing] = [await key(), await key('PAYOUT_READ')];
});
afterAll(() => receiver.stop());

const ofPayouts = () => create(seeing, { url: receiver.url, types: ['payout.*', 'payment.created'] });

test('an endpoint hears of payouts only where it names them', async () => {
  const all = await create(seeing, { url: receiver.url });
  const named = await create(seeing, { url: receiver.url, types: ['payout.requested'] });
  const family = await ofPayouts();
  const others = await create(unseeing, { url: receiver.url, types: ['payment.*'] });
  await payout(shop.test, requestOf(null));
  await createInvoice(shop.test);
  await everythingTold(kit.database.pool);
  const told = async ({ id }: { readonly id: string }) =>
    (await deliveriesOf(seeing, id)).map(({ type }) => String(type)).toSorted();
  expect(await told(all)).toEqual(['payment.created']);
  expect(await told(others)).toEqual(['payment.created']);
  expect(await told(named)).toEqual(['payout.requested']);
  expect(await told(family)).toEqual(['payment.created', 'payout.requested']);
});

describe('who sees no payouts', () => {
  test('has no endpoint told of them, nor one that is told of them called elsewhere', async () => {
    const { id } = await ofPayouts();
    const before = await endpointOf(seeing, id);
    const plain = await create(unseeing, { url: receiver.url, types: ['payment.*'] });
    const { projectId } = shop;
    const callers = [
      [developer, { projectId, mode: 'TEST' }],
      [unseeing, {}],
    ] as const;
    for (const [api, place] of callers) {
      for (const types of [['payout.*'], ['payment.*', 'payout.confirmed']])
        expect(await tryCreate(api, { ...place, url: receiver.url, types })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'types'],
        });
      const asked = { webhookEndpointId: plain.id, revision: 0 };
      expect(await tryUpdate(api, { ...asked, types: ['payout.failed'] })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'types'],
      });
      expect(
        await tryUpdate(api, { webhookEndpointId: id, revision: 0, url: `${receiver.url}/elsewhere` }),
      ).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'url'] });
    }
    expect(await endpointOf(seeing, id)).toEqual(before);
  });

  test('sees that an endpoint was told of one, and not what', async () => {
    const { id } = await ofPayouts();
    await payout(shop.test, requestOf(null, { reference: 'rent of november' }));
    const { id: invoiceId } = await createInvoice(shop.test);
    await everythingTold(kit.database.pool);
    const bodies = async (api: ApiClient, type: string) => {
      const delivery = (await deliveriesOf(api, id)).find((each) => each.type === type);
      if (!delivery) throw new Error(`nothing was told of ${type}`);
      return [delivery.payload, ...delivery.tries.map(({ responseBody }) => responseBody)];
    };
    const sent = await bodies(seeing, 'payout.requested');
    expect(sent).toEqual([expect.stringContaining('rent of november'), sent[0]]);
    expect(await bodies(shop.owner, 'payout.requested')).toEqual(sent);
    for (const api of [developer, unseeing]) {
      expect(await bodies(api, 'payout.requested')).toEqual([null, null]);
      const ofInvoice = await bodies(api, 'payment.created');
      expect(ofInvoice).toEqual([expect.stringContaining(invoiceId), ofInvoice[0]]);
    }
    const told = (await deliveriesOf(unseeing, id)).find(({ type }) => type === 'payout.requested');
    expect(await tryRedeliver(unseeing, told?.id ?? '')).toMatchObject({
      __typename: 'NotFoundError',
    });
  });

  test('is everybody whose key was given no scopes in particular', async () => {
    const { projectId } = shop;
    const { apiKey, secret } = await make(shop.owner, { projectId });
    expect(apiKey.scopes.filter((scope) => scope.startsWith('PAYOUT'))).toEqual([]);
    const api = kit.platform.api.as(secret);
    expect(await tryPayout(api, requestOf(null))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await errorCodes(api.send(operations.PayoutListDocument, {}))).toEqual(['FORBIDDEN']);
  });
});
