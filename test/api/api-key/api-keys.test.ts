import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { API_KEY_RIGHTS } from '../../../src/domain/access/rights.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence } from '../../testkit/sessions.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { balancesOf, createInvoice, invoiceOf, tryInvoice } from '../../testkit/shop.ts';
import { holdsOf, make, tryMake, tryRevoke, tryRotate, tryUpdate, works } from './key-shop.ts';

const kit = usePlatform();
const WRITTEN = ['api_key', 'event', 'withdrawal_hold'] as const;
const counts = () => rowCounts(kit.database.pool, WRITTEN);
let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'keys@shop.example');
});

/** A shop of its own, for what would disturb the others. */
const others = { count: 0 };
const openShop = () => openMerchant(kit.platform, `keys${(others.count += 1)}@shop.example`);
const setProject = (projectId: string, set: string) =>
  kit.database.pool.query(`UPDATE project SET ${set} WHERE id = $1`, [rowIdOf(projectId)]);

describe('scopes', () => {
  test('of a secret key leave out what is the merchant’s as a whole and deciding on held money, unless it is asked for', async () => {
    const { apiKey, secret } = await make(shop.owner, { projectId: shop.projectId });
    expect(apiKey.scopes.toSorted()).toEqual([
      'EVENT_READ',
      'INVOICE_PAY',
      'INVOICE_READ',
      'INVOICE_WRITE',
      'PROJECT_READ',
      'STATIC_WALLET_READ',
      'STATIC_WALLET_WRITE',
      'WEBHOOK_READ',
    ]);
    const api = kit.platform.api.as(secret);
    const { id } = await createInvoice(api);
    expect(await invoiceOf(api, id)).toMatchObject({ id });
    expect(await errorCodes(balancesOf(api))).toEqual(['FORBIDDEN']);
    const asked = await make(shop.owner, { projectId: shop.projectId, scopes: ['BALANCE_READ'] });
    expect(asked.apiKey.scopes).toEqual(['BALANCE_READ']);
    expect(await balancesOf(kit.platform.api.as(asked.secret))).toEqual({});
  });

  test('are all that a key can do', async () => {
    const { secret } = await make(shop.owner, { projectId: shop.projectId, scopes: ['INVOICE_READ'] });
    const api = kit.platform.api.as(secret);
    const { id } = await createInvoice(shop.test);
    expect(await invoiceOf(api, id)).toMatchObject({ id });
    const before = await counts();
    expect(await tryInvoice(api, {})).toMatchObject({ code: 'NOT_FOUND' });
    const input = { invoiceId: id, asset: 'USDT', network: 'ETHEREUM' } as const;
    expect((await api.send(operations.QuoteCreateDocument, { input })).quoteCreate).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await counts()).toEqual(before);
  });

  test.each([
    ['no scope at all', 'SECRET', []],
    ['more than paying, published', 'PUBLISHABLE', ['INVOICE_PAY', 'INVOICE_READ']],
    ['no scope, published', 'PUBLISHABLE', []],
  ] as const)('%s is refused', async (_name, kind, scopes) => {
    const before = await counts();
    const refused = await tryMake(shop.owner, { projectId: shop.projectId, kind, scopes: [...scopes] });
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'scopes'] });
    expect(await counts()).toEqual(before);
  });

  test('can be changed at once, and named twice they are one', async () => {
    const { apiKey, secret } = await make(shop.owner, { projectId: shop.projectId });
    const scopes = ['PROJECT_READ', 'INVOICE_READ', 'INVOICE_READ'] as const;
    const changed = accepted(
      await tryUpdate(shop.owner, { apiKeyId: apiKey.id, name: ' renamed ', scopes: [...scopes] }),
      'ApiKey',
    );
    expect(changed).toMatchObject({ name: 'renamed', scopes: ['PROJECT_READ', 'INVOICE_READ'] });
    expect(await tryInvoice(kit.platform.api.as(secret), {})).toMatchObject({ code: 'NOT_FOUND' });
    expect(await eventTypes(kit.database.pool, apiKey.id)).toEqual(['api_key.created', 'api_key.changed']);
  });

  test('the enum has one for each right that a key can have', async () => {
    const { apiKey } = await make(shop.owner, {
      projectId: shop.projectId,
      scopes: [
        'MERCHANT_READ',
        'PROJECT_READ',
        'INVOICE_READ',
        'INVOICE_WRITE',
        'INVOICE_PAY',
        'PAYMENT_RESOLVE',
        'STATIC_WALLET_READ',
        'STATIC_WALLET_WRITE',
        'BALANCE_READ',
        'EVENT_READ',
        'WEBHOOK_READ',
        'WEBHOOK_WRITE',
        'PAYOUT_READ',
        'PAYOUT_WRITE',
      ],
    });
    const { rows } = await kit.database.pool.query('SELECT scopes FROM api_key WHERE id = $1', [
      rowIdOf(apiKey.id),
    ]);
    expect(rows).toEqual([{ scopes: API_KEY_RIGHTS.SECRET }]);
  });
});

describe('what a key is said to be', () => {
  test.each([
    ['an empty name', { name: ' ' }, ['name']],
    ['a long name', { name: 'x'.repeat(101) }, ['name']],
    ['a name of two lines', { name: 'a\nb' }, ['name']],
    ['a range that is none', { ipRanges: ['10.0.0.0/8', 'office'] }, ['ipRanges', '1']],
    ['an enormous range', { ipRanges: ['1'.repeat(60_000)] }, ['ipRanges', '0']],
    ['51 ranges', { ipRanges: Array.from({ length: 51 }, (_, i) => `10.0.0.${i}`) }, ['ipRanges']],
  ])('%s is refused, at creation and later', async (_name, input, path) => {
    const { apiKey } = await make(shop.owner, { projectId: shop.projectId });
    const before = await counts();
    const refusal = { code: 'INVALID_INPUT', path: ['input', ...path] };
    expect(await tryMake(shop.owner, { projectId: shop.projectId, ...input })).toMatchObject(refusal);
    expect(await tryUpdate(shop.owner, { apiKeyId: apiKey.id, ...input })).toMatchObject(refusal);
    expect(await counts()).toEqual(before);
  });

  test('a change of nothing is refused', async () => {
    const { apiKey } = await make(shop.owner, { projectId: shop.projectId });
    const before = await counts();
    const nothing = { apiKeyId: apiKey.id, name: null, scopes: null, ipRanges: null };
    expect(await tryUpdate(shop.owner, nothing)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await counts()).toEqual(before);
  });

  test('when and from where it was used', async () => {
    const { apiKey, secret } = await make(shop.owner, { projectId: shop.projectId });
    expect(apiKey).toMatchObject({ lastUsedAt: null, lastUsedIp: null });
    expect(await works(kit.platform.api, secret)).toBe(true);
    const { project } = await shop.owner.send(operations.ApiKeyListDocument, { id: shop.projectId });
    const listed = project?.apiKeys.edges.find(({ node }) => node.id === apiKey.id)?.node;
    expect(listed?.lastUsedIp).toBe('127.0.0.1');
    expect(Date.parse(listed?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(apiKey.createdAt));
  });
});

describe('revoking', () => {
  test('ends a key at once, once, and needs no proof of presence', async () => {
    const merchant = await openShop();
    const { apiKey, secret } = await make(merchant.owner, {
      projectId: merchant.projectId,
      mode: 'LIVE',
    });
    const holds = await holdsOf(kit.database.pool, merchant.merchantId);
    await forgetPresence(kit.database.pool);
    expect(await works(kit.platform.api, secret)).toBe(true);
    const ended = await Promise.all(
      Array.from({ length: 10 }, async () => accepted(await tryRevoke(merchant.owner, apiKey.id), 'ApiKey')),
    );
    expect(await works(kit.platform.api, secret)).toBe(false);
    expect(new Set(ended.map(({ revokedAt }) => revokedAt)).size).toBe(1);
    expect(ended[0]?.revokedAt).not.toBeNull();
    expect(await eventTypes(kit.database.pool, apiKey.id)).toEqual(['api_key.created', 'api_key.revoked']);
    expect(await holdsOf(kit.database.pool, merchant.merchantId)).toEqual(holds);
  });

  test('leaves nothing to change or rotate', async () => {
    const { apiKey } = await make(shop.owner, { projectId: shop.projectId });
    accepted(await tryRevoke(shop.owner, apiKey.id), 'ApiKey');
    const before = await counts();
    expect(await tryUpdate(shop.owner, { apiKeyId: apiKey.id, name: 'again' })).toMatchObject({
      code: 'WRONG_STATE',
    });
    expect(await tryRotate(shop.owner, apiKey.id, 1)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
  });
});

describe('secret LIVE keys', () => {
  test('are made, changed and rotated by somebody who is there, and hold payouts back', async () => {
    const merchant = await openShop();
    const { owner, projectId, merchantId } = merchant;
    const { apiKey } = await make(owner, { projectId, mode: 'LIVE' });
    const made = await holdsOf(kit.database.pool, merchantId);
    expect(made).toEqual(['API_KEY_CHANGED', 'API_KEY_CHANGED']);
    accepted(await tryUpdate(owner, { apiKeyId: apiKey.id, name: 'renamed' }), 'ApiKey');
    const rotated = accepted(await tryRotate(owner, apiKey.id, 1), 'ApiKeyRotatePayload');
    expect(await holdsOf(kit.database.pool, merchantId)).toHaveLength(4);

    await forgetPresence(kit.database.pool);
    const before = await counts();
    const absent = { code: 'STEP_UP_REQUIRED' };
    expect(await tryMake(owner, { projectId, mode: 'LIVE' })).toMatchObject(absent);
    const apiKeyId = rotated.apiKey.id;
    expect(await tryUpdate(owner, { apiKeyId, name: 'stolen' })).toMatchObject(absent);
    expect(await tryRotate(owner, apiKeyId, 168)).toMatchObject(absent);
    expect(await counts()).toEqual(before);
  });

  test('others ask for nothing and hold nothing', async () => {
    const { owner, projectId, merchantId } = await openShop();
    await forgetPresence(kit.database.pool);
    const holds = await holdsOf(kit.database.pool, merchantId);
    for (const input of [{ mode: 'TEST' }, { mode: 'LIVE', kind: 'PUBLISHABLE' }] as const) {
      const { apiKey } = await make(owner, { projectId, ...input });
      accepted(await tryUpdate(owner, { apiKeyId: apiKey.id, name: 'page' }), 'ApiKey');
      accepted(await tryRotate(owner, apiKey.id, 0), 'ApiKeyRotatePayload');
    }
    expect(await holdsOf(kit.database.pool, merchantId)).toEqual(holds);
  });
});

describe('a project', () => {
  test.each(['NOT_REQUESTED', 'ON_MODERATION', 'REJECTED', 'BLOCKED'])(
    'that is %s gets no LIVE key, not even in place of one',
    async (moderation) => {
      const { owner, projectId } = await openShop();
      const { apiKey } = await make(owner, { projectId, mode: 'LIVE', kind: 'PUBLISHABLE' });
      await setProject(projectId, `moderation = '${moderation}'`);
      const before = await counts();
      for (const kind of ['SECRET', 'PUBLISHABLE'] as const)
        expect(await tryMake(owner, { projectId, mode: 'LIVE', kind })).toMatchObject({
          code: 'PROJECT_NOT_ACTIVE',
        });
      expect(await tryRotate(owner, apiKey.id, 1)).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
      expect(await counts()).toEqual(before);
      await make(owner, { projectId });
    },
  );

  test('that is archived gets no new key, but a successor for one that its shop uses', async () => {
    const { owner, projectId } = await openShop();
    const { apiKey } = await make(owner, { projectId });
    await setProject(projectId, 'archived_at = now()');
    const before = await counts();
    expect(await tryMake(owner, { projectId })).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
    expect(await counts()).toEqual(before);
    accepted(await tryRotate(owner, apiKey.id, 1), 'ApiKeyRotatePayload');
  });

  test('a closed merchant’s keys open nothing', async () => {
    const { merchantId, testKey, liveKey } = await openShop();
    expect(await works(kit.platform.api, testKey)).toBe(true);
    await kit.database.pool.query('UPDATE merchant SET closed_at = now() WHERE id = $1', [
      rowIdOf(merchantId),
    ]);
    expect(await works(kit.platform.api, testKey)).toBe(false);
    expect(await works(kit.platform.api, liveKey)).toBe(false);
  });
});
