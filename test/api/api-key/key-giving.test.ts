import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { join, type TeamPerson } from '../../testkit/team.ts';
import { make, rotate, tryMake, tryRotate, tryUpdate } from './key-shop.ts';

/** A key is no way around role and restriction of whoever makes it (FEATURES B3, B4). */
const kit = usePlatform();
const counts = () => rowCounts(kit.database.pool, ['api_key', 'event', 'withdrawal_hold']);
let shop: DemoMerchant;
const people: Record<string, TeamPerson> = {};
beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'giving@shop.example');
  people['developer'] = await join(kit, shop, 'dev@shop.example', { role: 'DEVELOPER' });
  people['restricted developer'] = await join(kit, shop, 'one@shop.example', {
    role: 'DEVELOPER',
    projectIds: [shop.projectId],
  });
  people['admin'] = await join(kit, shop, 'admin@shop.example', { role: 'ADMIN' });
});
const apiOf = (who: string) => {
  const person = people[who];
  if (!person) throw new Error(`nobody is called ${who}`);
  return person.api;
};

describe.each(['developer', 'restricted developer'])('a %s, who does not see the balances', (who) => {
  test('makes no key that sees them', async () => {
    const before = await counts();
    const refused = await tryMake(apiOf(who), { projectId: shop.projectId, scopes: ['BALANCE_READ'] });
    expect(refused).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'scopes'] });
    expect(await counts()).toEqual(before);
  });

  test('widens none, but leaves a wider one as wide as it is', async () => {
    const { apiKey } = await make(apiOf(who), { projectId: shop.projectId });
    const before = await counts();
    const refused = await tryUpdate(apiOf(who), { apiKeyId: apiKey.id, scopes: ['BALANCE_READ'] });
    expect(refused).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'scopes'] });
    expect(await counts()).toEqual(before);
    const wide = await make(shop.owner, { projectId: shop.projectId, scopes: ['BALANCE_READ'] });
    const scopes = ['INVOICE_READ', 'BALANCE_READ'] as const;
    const changed = await tryUpdate(apiOf(who), { apiKeyId: wide.apiKey.id, scopes: [...scopes] });
    expect(accepted(changed, 'ApiKey').scopes).toEqual(scopes);
  });

  test('gets no secret of a wider one by rotating it', async () => {
    const wide = await make(shop.owner, { projectId: shop.projectId, scopes: ['BALANCE_READ'] });
    const before = await counts();
    const refused = await tryRotate(apiOf(who), wide.apiKey.id, 1);
    expect(refused).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'apiKeyId'] });
    expect(await counts()).toEqual(before);
  });

  test('does not say where a wider one works from', async () => {
    const wide = await make(shop.owner, { projectId: shop.projectId, scopes: ['PAYOUT_WRITE'] });
    const before = await counts();
    const ipRanges = ['0.0.0.0/0'];
    expect(await tryUpdate(apiOf(who), { apiKeyId: wide.apiKey.id, ipRanges })).toMatchObject({
      code: 'WRONG_STATE',
      path: ['input', 'scopes'],
    });
    expect(await counts()).toEqual(before);
    const own = await make(apiOf(who), { projectId: shop.projectId });
    accepted(await tryUpdate(apiOf(who), { apiKeyId: own.apiKey.id, ipRanges }), 'ApiKey');
  });

  test('gives what is the own', async () => {
    const scopes = ['MERCHANT_READ', 'PROJECT_READ', 'INVOICE_WRITE', 'EVENT_READ'] as const;
    const { apiKey } = await make(apiOf(who), { projectId: shop.projectId, scopes: [...scopes] });
    expect((await rotate(apiOf(who), apiKey.id, 0)).apiKey.scopes.toSorted()).toEqual(scopes.toSorted());
  });
});

test('an admin, who sees the balances, gives them', async () => {
  const { apiKey } = await make(apiOf('admin'), { projectId: shop.projectId, scopes: ['BALANCE_READ'] });
  expect((await rotate(apiOf('admin'), apiKey.id, 0)).apiKey.scopes).toEqual(['BALANCE_READ']);
});
