import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence } from '../../testkit/sessions.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { cancel, createInvoice } from '../../testkit/shop.ts';
import { forgetAttempts, invitationToken, invite, join, stepUp, tryJoin } from '../../testkit/team.ts';

const kit = usePlatform();
const COMPANY = {
  legalName: ' Corner Shop Ltd ',
  registrationNumber: 'HRB 1234',
  taxNumber: null,
  country: 'ch',
  address: 'High Street 1',
  city: 'Zürich',
  postalCode: '8001',
};

let shop: DemoMerchant;
let other: DemoMerchant;
let operator: ApiClient;

const idsOf = (email: string) =>
  kit.database.pool
    .query<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [email])
    .then(({ rows }) => rows[0]?.id ?? '');

/** A person who decides on currencies, with a second factor in the session. */
async function openDecider(email: string): Promise<ApiClient> {
  const { owner } = await openMerchant(kit.platform, email);
  const userId = await idsOf(email);
  await kit.database.pool.query('DELETE FROM member WHERE user_id = $1', [userId]);
  await kit.database.pool.query(
    `INSERT INTO operator (user_id, role, created_at) VALUES ($1, 'SUPPORT', now())`,
    [userId],
  );
  await kit.database.pool.query('UPDATE session SET second_factor_at = now() WHERE user_id = $1', [userId]);
  return owner;
}

/** Books LIVE money as the payments of an invoice do. Minor units of USDT. */
async function book(merchantId: string, kind: 'PENDING' | 'HELD' | 'AVAILABLE', amount: number) {
  const accounts = `
    INSERT INTO ledger_account (id, mode, kind, asset, merchant_id)
    VALUES (gen_random_uuid(), 'LIVE', $1::"LedgerAccountKind", 'USDT', $2) ON CONFLICT DO NOTHING`;
  await kit.database.pool.query(accounts, [kind, rowIdOf(merchantId)]);
  await kit.database.pool.query(accounts, ['INCOMING', null]);
  await kit.database.pool.query(
    `WITH booked AS (
      INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
      VALUES (gen_random_uuid(), 'LIVE', 'TEST', gen_random_uuid()::text, 'BOOKED', now()) RETURNING id
    )
    INSERT INTO posting (id, transaction_id, account_id, asset, amount)
    SELECT gen_random_uuid(), booked.id, a.id, 'USDT', CASE WHEN a.merchant_id IS NULL THEN -$3::int ELSE $3::int END
    FROM booked, ledger_account a WHERE a.asset = 'USDT' AND a.mode = 'LIVE'
      AND ((a.kind = $1::"LedgerAccountKind" AND a.merchant_id = $2) OR (a.kind = 'INCOMING' AND a.merchant_id IS NULL))`,
    [kind, rowIdOf(merchantId), amount],
  );
}

async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const tables = ['event', 'merchant', 'currency_request'] as const;
  const merchants = async () =>
    (await kit.database.pool.query('SELECT * FROM merchant ORDER BY id')).rows as unknown[];
  const before = [await rowCounts(kit.database.pool, tables), await merchants()];
  await work();
  expect([await rowCounts(kit.database.pool, tables), await merchants()]).toEqual(before);
}

const rename = async (api: ApiClient, input: operations.MerchantUpdateInput) =>
  (await api.send(operations.MerchantUpdateDocument, { input })).merchantUpdate;
const becomeBusiness = async (api: ApiClient, merchantId: string, company = COMPANY) =>
  (await api.send(operations.MerchantBecomeBusinessDocument, { input: { merchantId, company } }))
    .merchantBecomeBusiness;
const changeCurrency = async (api: ApiClient, merchantId: string, currency: operations.CurrencyCode) =>
  (await api.send(operations.MerchantCurrencyChangeDocument, { input: { merchantId, currency } }))
    .merchantCurrencyChange;
const askCurrency = async (api: ApiClient, merchantId: string, reason = 'We moved.') =>
  (
    await api.send(operations.MerchantCurrencyRequestDocument, {
      input: { merchantId, currency: 'CHF', reason },
    })
  ).merchantCurrencyRequest;
const decide = async (api: ApiClient, input: operations.CurrencyRequestDecideInput) =>
  (await api.send(operations.CurrencyRequestDecideDocument, { input })).currencyRequestDecide;
const close = async (api: ApiClient, merchantId: string) =>
  (await api.send(operations.MerchantCloseDocument, { input: { merchantId } })).merchantClose;
const unmet = async (api: ApiClient, id: string) => {
  const { node } = await api.send(operations.AccountClosingDocument, { id });
  const conditions = node && 'closingConditions' in node ? (node.closingConditions ?? []) : [];
  expect(conditions).toHaveLength(5);
  return conditions.filter(({ met }) => !met).map(({ condition }) => condition);
};

beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'owner@shop.example');
  other = await openMerchant(kit.platform, 'boss@other.example', 'Other');
  operator = await openDecider('decider@gateway.example');
});
beforeEach(() => forgetAttempts(kit));

describe('a merchant', () => {
  test('is renamed, and tells it', async () => {
    const { merchantId } = shop;
    const renamed = accepted(await rename(shop.owner, { merchantId, name: ' New Name ' }), 'Merchant');
    expect(renamed.name).toBe('New Name');
    expect(await eventTypes(kit.database.pool, merchantId)).toEqual(['merchant.updated']);
    accepted(await rename(shop.owner, { merchantId, name: 'Corner Shop' }), 'Merchant');
  });

  test('becomes a business with the data of its company, once, and changes them later', async () => {
    const { merchantId } = shop;
    await unchanged(async () =>
      expect(await rename(shop.owner, { merchantId, company: COMPANY })).toMatchObject({
        code: 'WRONG_STATE',
      }),
    );
    const business = accepted(await becomeBusiness(shop.owner, merchantId), 'Merchant');
    expect(business).toMatchObject({
      type: 'BUSINESS',
      company: { ...COMPANY, legalName: 'Corner Shop Ltd', country: 'CH' },
    });
    await unchanged(async () =>
      expect(await becomeBusiness(shop.owner, merchantId)).toMatchObject({ code: 'WRONG_STATE' }),
    );
    const moved = { ...COMPANY, city: 'Basel', taxNumber: 'CHE-1' };
    accepted(await rename(shop.owner, { merchantId, company: moved }), 'Merchant');
    const { node } = await shop.owner.send(operations.AccountDocument, { id: merchantId });
    expect(node).toMatchObject({ name: 'Corner Shop', company: { city: 'Basel', taxNumber: 'CHE-1' } });
  });

  test.each<[string, Partial<operations.MerchantUpdateInput>, string[]]>([
    ['a name of blanks', { name: '  ' }, ['name']],
    ['a name of 101 characters', { name: 'n'.repeat(101) }, ['name']],
    ['a line break in the name', { name: 'a\nb' }, ['name']],
    ['a country that is none', { company: { ...COMPANY, country: 'XX' } }, ['company', 'country']],
    ['a NUL in the city', { company: { ...COMPANY, city: 'a\u0000' } }, ['company', 'city']],
    ['a huge address', { company: { ...COMPANY, address: 'a'.repeat(10_000) } }, ['company', 'address']],
  ])('takes no %s', async (_what, fault, path) => {
    await unchanged(async () =>
      expect(await rename(shop.owner, { merchantId: shop.merchantId, ...fault })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', ...path],
      }),
    );
  });

  test('is changed by nobody else', async () => {
    const { merchantId } = shop;
    const viewer = await join(kit, shop, 'viewer@shop.example', { role: 'FINANCE' });
    await stepUp(kit, other.email);
    await stepUp(kit, viewer.email);
    const tried: Record<string, (api: ApiClient, id: string) => Promise<unknown>> = {
      merchantUpdate: (api, id) => rename(api, { merchantId: id, name: 'mine' }),
      merchantBecomeBusiness: becomeBusiness,
      merchantCurrencyChange: (api, id) => changeCurrency(api, id, 'EUR'),
      merchantCurrencyRequest: askCurrency,
      merchantClose: close,
    };
    const nowhere = globalIdOf('Merchant', crypto.randomUUID());
    await unchanged(async () => {
      for (const [field, attempt] of Object.entries(tried)) {
        for (const api of [other.owner, viewer.api]) {
          const refused = await attempt(api, merchantId);
          expect(refused, field).toMatchObject({ code: 'NOT_FOUND' });
          expect(refused, field).toEqual(await attempt(api, nowhere));
        }
        expect(await errorCodes(attempt(shop.test, merchantId)), field).toEqual(['FORBIDDEN']);
        expect(await errorCodes(attempt(kit.platform.api, merchantId)), field).toEqual(['UNAUTHENTICATED']);
        expect(await errorCodes(attempt(operator, merchantId)), field).toEqual(['FORBIDDEN']);
      }
    });
    const conditions = viewer.api.send(operations.AccountClosingDocument, { id: merchantId });
    expect(await errorCodes(conditions)).toEqual(['FORBIDDEN']);
  });
});

describe('the account currency', () => {
  test('changes while there are no payments', async () => {
    const { merchantId } = other;
    const changed = accepted(await changeCurrency(other.owner, merchantId, 'EUR'), 'Merchant');
    expect(changed.currency.code).toBe('EUR');
    await unchanged(async () =>
      expect(await changeCurrency(other.owner, merchantId, 'EUR')).toMatchObject({ code: 'WRONG_STATE' }),
    );
    // TEST payments are none.
    expect(await eventTypes(kit.database.pool, merchantId)).toEqual(['merchant.currency_changed']);
  });

  test('stays once there was a live payment, also one that was taken back', async () => {
    await book(other.merchantId, 'PENDING', 5);
    await book(other.merchantId, 'PENDING', -5);
    await unchanged(async () =>
      expect(await changeCurrency(other.owner, other.merchantId, 'GBP')).toMatchObject({
        code: 'WRONG_STATE',
        message: 'There are payments or a negative balance: ask the operator with merchantCurrencyRequest.',
      }),
    );
  });

  test('is asked for, one request at a time', async () => {
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => askCurrency(other.owner, other.merchantId)),
    );
    const filed = asked.filter(({ __typename }) => __typename === 'CurrencyRequest');
    expect(filed).toHaveLength(1);
    expect(filed[0]).toMatchObject({ status: 'PENDING', merchantName: 'Other', currency: { code: 'CHF' } });
    for (const reason of ['', '  ', 'r'.repeat(1001), 'a\u0000']) {
      expect(await askCurrency(other.owner, other.merchantId, reason)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'reason'],
      });
    }
  });

  test('is decided by an operator, once', async () => {
    const { currencyRequests } = await operator.send(operations.CurrencyRequestsDocument, {
      status: 'PENDING',
    });
    expect(currencyRequests.edges).toHaveLength(1);
    const requestId = currencyRequests.edges[0]?.node.id ?? '';
    for (const api of [other.owner, shop.owner, shop.test]) {
      const decision = { requestId, decision: 'APPROVED' } as const;
      expect(await errorCodes(decide(api, decision))).toEqual(['FORBIDDEN']);
      expect(await errorCodes(api.send(operations.CurrencyRequestsDocument, {}))).toEqual(['FORBIDDEN']);
    }
    expect(await decide(operator, { requestId, decision: 'REJECTED' })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'answer'],
    });
    const { api: absent } = await openOperator(kit.platform, kit.database, 'SUPPORT', { steppedUpAt: null });
    await unchanged(async () => {
      for (const id of [requestId, globalIdOf('CurrencyRequest', crypto.randomUUID())]) {
        expect(await decide(absent, { requestId: id, decision: 'APPROVED' })).toMatchObject({
          code: 'STEP_UP_REQUIRED',
        });
      }
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        decide(operator, {
          requestId,
          decision: i % 2 === 0 ? 'APPROVED' : 'REJECTED',
          answer: 'We looked at it.',
        }),
      ),
    );
    const decided = answers.filter(({ __typename }) => __typename === 'CurrencyRequest');
    expect(decided).toHaveLength(1);
    const { node } = await other.owner.send(operations.CurrencyRequestNodeDocument, { id: requestId });
    expect(node).toEqual(decided[0]);
    const { node: account } = await other.owner.send(operations.AccountDocument, { id: other.merchantId });
    const isApproved = decided[0] && 'status' in decided[0] && decided[0].status === 'APPROVED';
    expect(account).toMatchObject({ currency: { code: isApproved ? 'CHF' : 'EUR' } });
    const foreign = await shop.owner.send(operations.CurrencyRequestNodeDocument, { id: requestId });
    expect(foreign.node).toBeNull();
    const listed = await other.owner.send(operations.AccountCurrencyRequestsDocument, {
      id: other.merchantId,
    });
    expect(listed.node).toMatchObject({ currencyRequests: { edges: [{ node: { id: requestId } }] } });
  });

  test('changes with an approval although there are payments', async () => {
    const asked = await other.owner.send(operations.MerchantCurrencyRequestDocument, {
      input: { merchantId: other.merchantId, currency: 'JPY', reason: 'Again.' },
    });
    const { id: requestId } = accepted(asked.merchantCurrencyRequest, 'CurrencyRequest');
    const decided = accepted(await decide(operator, { requestId, decision: 'APPROVED' }), 'CurrencyRequest');
    expect(decided).toMatchObject({ status: 'APPROVED', answer: null });
    const { node } = await other.owner.send(operations.AccountDocument, { id: other.merchantId });
    expect(node).toMatchObject({ currency: { code: 'JPY' } });
    expect((await eventTypes(kit.database.pool, other.merchantId)).slice(-3)).toEqual([
      'merchant.currency_requested',
      'merchant.currency_decided',
      'merchant.currency_changed',
    ]);
    // Of two that were asked for, the second one finds the currency as it wants it: nothing changes.
    const quiet = await openMerchant(kit.platform, 'quiet@shop.example');
    const { id: quietId } = accepted(await askCurrency(quiet.owner, quiet.merchantId), 'CurrencyRequest');
    accepted(await changeCurrency(quiet.owner, quiet.merchantId, 'CHF'), 'Merchant');
    accepted(await decide(operator, { requestId: quietId, decision: 'APPROVED' }), 'CurrencyRequest');
    expect(await eventTypes(kit.database.pool, quiet.merchantId)).toEqual([
      'merchant.currency_requested',
      'merchant.currency_changed',
      'merchant.currency_decided',
    ]);
    const unknown = {
      requestId: globalIdOf('CurrencyRequest', crypto.randomUUID()),
      decision: 'APPROVED',
    } as const;
    expect(await decide(operator, unknown)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('closing an account', () => {
  test('asks for a step-up and for every condition', async () => {
    const { merchantId, owner, live, email } = await openMerchant(kit.platform, 'closer@shop.example');
    await forgetPresence(kit.database.pool);
    expect(await close(owner, merchantId)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    await stepUp(kit, email);
    const invoice = await createInvoice(live);
    await book(merchantId, 'HELD', 7);
    expect(await unmet(owner, merchantId)).toEqual(['NO_OPEN_INVOICES', 'NO_BALANCE']);
    await unchanged(async () =>
      expect(await close(owner, merchantId)).toMatchObject({
        __typename: 'ClosingConditionsUnmetError',
        code: 'CLOSING_CONDITIONS_UNMET',
        conditions: [
          { condition: 'NO_OPEN_INVOICES', met: false, detail: '1 live invoices wait for their payment.' },
          { condition: 'NO_UNFINISHED_PAYMENTS', met: true },
          {
            condition: 'NO_BALANCE',
            met: false,
            detail: 'There is money on the account: 0.000007 USDT held.',
          },
          { condition: 'NOTHING_OWED', met: true },
          { condition: 'NO_OPEN_PAYOUTS', met: true },
        ],
      }),
    );
    accepted(await cancel(live, invoice.id), 'Invoice');
    await book(merchantId, 'HELD', -7);
    expect(await unmet(owner, merchantId)).toEqual([]);
    expect(await close(owner, merchantId)).toEqual({ __typename: 'MerchantClosePayload', merchantId });
  });

  test('ends keys, invitations, projects and everybody’s sight, at once', async () => {
    const merchant = await openMerchant(kit.platform, 'ending@shop.example');
    const member = await join(kit, merchant, 'member@ending.example', { role: 'ADMIN' });
    const offer = await invite(merchant.owner, merchant.merchantId, 'late@ending.example');
    const { merchantId, projectId } = merchant;
    accepted(await askCurrency(merchant.owner, merchantId), 'CurrencyRequest');
    accepted(await close(merchant.owner, merchantId), 'MerchantClosePayload');

    for (const api of [merchant.test, merchant.live]) {
      expect(await errorCodes(createInvoice(api))).toEqual(['UNAUTHENTICATED']);
    }
    expect(await tryJoin(kit.platform.api, invitationToken(offer.id))).toMatchObject({
      code: 'INVALID_TOKEN',
    });
    for (const api of [merchant.owner, member.api]) {
      for (const id of [merchantId, projectId, member.memberId, offer.id]) {
        expect((await api.send(operations.TeamNodeDocument, { id })).node).toBeNull();
      }
      const { viewer } = await api.send(operations.OwnMembershipsDocument, {});
      expect(viewer.memberships).toEqual([]);
      expect(await close(api, merchantId)).toMatchObject({ code: 'NOT_FOUND' });
    }
    const types = await eventTypes(kit.database.pool, projectId);
    expect(types).toEqual(['project.created', 'project.archived']);
    const { rows } = await kit.database.pool.query<{ type: string }>(
      'SELECT type FROM event WHERE merchant_id = $1 ORDER BY txid DESC, seq DESC LIMIT 5',
      [rowIdOf(merchantId)],
    );
    expect(rows.map(({ type }) => type)).toEqual([
      'merchant.closed',
      'member.invitation_revoked',
      'project.archived',
      'api_key.revoked',
      'api_key.revoked',
    ]);
    const pending = await operator.send(operations.CurrencyRequestsDocument, { status: 'PENDING' });
    expect(pending.currencyRequests.edges).toEqual([]);
  });

  test('happens once, and never beside an invoice that is made meanwhile', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { merchantId, owner, live, email } = await openMerchant(kit.platform, `r${round}@race.example`);
      await stepUp(kit, email);
      const [closings] = await Promise.all([
        Promise.all(Array.from({ length: 5 }, () => close(owner, merchantId))),
        ...Array.from({ length: 5 }, () => createInvoice(live).catch(() => null)),
      ]);
      const isClosed = closings.filter(({ __typename }) => __typename === 'MerchantClosePayload').length;
      expect(isClosed).toBeLessThanOrEqual(1);
      const { rows } = await kit.database.pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM invoice WHERE merchant_id = $1',
        [rowIdOf(merchantId)],
      );
      if (isClosed === 1) expect(rows[0]?.n).toBe(0);
      await forgetAttempts(kit);
    }
  });
});
