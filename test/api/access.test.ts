import { beforeAll, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { openShop } from '../testkit/open-shop.ts';
import * as operations from '../../src/generated/documents.ts';
import { everythingTold, globalIdOf, rowCounts } from '../testkit/facts.ts';
import { attempt, refusedStream, type Attempt, type Outcome } from '../testkit/outcome.ts';
import { usePlatform } from '../testkit/platform.ts';
import { keyAttempts, listedAddress } from './api-key/key-attempts.ts';
import { createInvoice, createQuote, invoiceOf, tryInvoice } from '../testkit/shop.ts';
import { twoFactorAttempts } from './two-factor/two-factor-attempts.ts';
import { projectAttempts } from './projects/attempts.ts';

const kit = usePlatform();
const WRITTEN = [
  'project',
  'api_key',
  'withdrawal_address',
  'withdrawal_hold',
  'invoice',
  'quote',
  'payment',
  'posting',
  'telegram_link',
  'event',
] as const;
const NOWHERE = '019a0000-0000-7000-8000-000000000000';

interface Shop extends DemoMerchant {
  readonly publishable: { readonly TEST: string; readonly LIVE: string };
  readonly userId: string;
  readonly apiKeyId: string;
  readonly withdrawalAddressId: string;
  readonly notificationId: string;
  readonly invoices: { readonly TEST: string; readonly LIVE: string };
  readonly quoteId: string;
}
let ours: Shop;
let theirs: Shop;

async function publishableKey({ owner, projectId }: DemoMerchant, mode: 'TEST' | 'LIVE'): Promise<string> {
  const input = { projectId, mode, kind: 'PUBLISHABLE', name: 'page' } as const;
  const { apiKeyCreate } = await owner.send(operations.ApiKeyCreateDocument, { input });
  return accepted(apiKeyCreate, 'ApiKeyCreatePayload').secret;
}

async function shopOf(email: string): Promise<Shop> {
  const merchant = await openShop(kit, email);
  const publishable = {
    TEST: await publishableKey(merchant, 'TEST'),
    LIVE: await publishableKey(merchant, 'LIVE'),
  };
  const test = await createInvoice(merchant.test, { orderId: 'secret order' });
  const live = await createInvoice(merchant.live, { orderId: 'secret order' });
  const quote = await createQuote(merchant.test, test.id);
  await everythingTold(kit.database.pool);
  const { viewer } = await merchant.owner.send(operations.ViewerDocument, {});
  const { project } = await merchant.owner.send(operations.ProjectWithKeysDocument, {
    id: merchant.projectId,
  });
  const { notifications } = await merchant.owner.send(operations.NotificationsDocument, {});
  return {
    ...merchant,
    publishable,
    userId: viewer.id,
    apiKeyId: project?.apiKeys.edges[0]?.node.id ?? '',
    withdrawalAddressId: await listedAddress(merchant),
    notificationId: notifications.edges[0]?.node.id ?? '',
    invoices: { TEST: test.id, LIVE: live.id },
    quoteId: quote.id,
  };
}

beforeAll(async () => {
  ours = await shopOf('ada@shop.example');
  theirs = await shopOf('bob@other.example');
});

/** What operations name: a merchant's own things, or ones that are nowhere. */
type Things = Omit<Shop, keyof DemoMerchant | 'publishable'> & Pick<Shop, 'merchantId' | 'projectId'>;
const nothing: Things = {
  merchantId: globalIdOf('Merchant', NOWHERE),
  projectId: globalIdOf('Project', NOWHERE),
  userId: globalIdOf('User', NOWHERE),
  apiKeyId: globalIdOf('ApiKey', NOWHERE),
  withdrawalAddressId: globalIdOf('WithdrawalAddress', NOWHERE),
  notificationId: globalIdOf('Notification', NOWHERE),
  invoices: { TEST: globalIdOf('Invoice', NOWHERE), LIVE: globalIdOf('Invoice', NOWHERE) },
  quoteId: NOWHERE,
};

/** Root fields that name a thing, in both modes where it has one. The key begins with the field's name. */
const namingThings = (things: Things): Readonly<Record<string, Attempt>> => ({
  ...Object.fromEntries(
    (['userId', 'merchantId', 'projectId', 'apiKeyId', 'withdrawalAddressId', 'notificationId'] as const).map(
      (name) => [`node ${name}`, attempt(operations.NodeDocument, { id: things[name] })],
    ),
  ),
  project: attempt(operations.ProjectWithKeysDocument, { id: things.projectId }),
  projectCreate: attempt(operations.ProjectCreateDocument, {
    input: { merchantId: things.merchantId, name: 'mine' },
  }),
  ...projectAttempts(things.projectId),
  auditLog: attempt(operations.AuditOfAllDocument, { merchantId: things.merchantId }),
  'telegramLinkCreate ': attempt(operations.TelegramLinkCreateDocument, {
    input: { bot: 'MERCHANT', merchantId: things.merchantId },
  }),
  ...keyAttempts(things),
  ...inMode(things, 'TEST'),
  ...inMode(things, 'LIVE'),
});

function inMode(
  { merchantId, projectId, invoices, quoteId }: Things,
  mode: 'TEST' | 'LIVE',
): Record<string, Attempt> {
  const invoiceId = invoices[mode];
  return {
    [`node ${mode} invoice`]: attempt(operations.NodeDocument, { id: invoiceId }),
    [`invoice ${mode}`]: attempt(operations.InvoiceDocument, { id: invoiceId }),
    [`invoices ${mode}`]: attempt(operations.InvoicesDocument, { projectId, mode }),
    [`balances ${mode}`]: attempt(operations.BalancesDocument, { merchantId, mode }),
    [`apiKeyCreate ${mode}`]: attempt(operations.ApiKeyCreateDocument, {
      input: { projectId, mode, kind: 'SECRET', name: 'mine' },
    }),
    [`invoiceCreate ${mode}`]: attempt(operations.InvoiceCreateDocument, {
      input: { projectId, mode, amount: '1', currency: 'USD' },
    }),
    [`quoteCreate ${mode}`]: attempt(operations.QuoteCreateDocument, {
      input: { invoiceId, asset: 'USDC', network: 'ETHEREUM' },
    }),
    [`invoiceCancel ${mode}`]: attempt(operations.InvoiceCancelDocument, { input: { invoiceId } }),
    [`testPaymentSimulate ${mode}`]: attempt(operations.TestPaymentSimulateDocument, {
      input: { invoiceId, quoteId },
    }),
  };
}

/** Root fields about the signed-in person. */
const namingNothing: Readonly<Record<string, Attempt>> = {
  viewer: attempt(operations.ViewerDocument, {}),
  projects: attempt(operations.ProjectsDocument, {}),
  notifications: attempt(operations.NotificationsDocument, {}),
  sessionEnd: attempt(operations.SessionEndDocument, {}),
  passwordChange: attempt(operations.PasswordChangeDocument, {
    input: { currentPassword: 'wrong', newPassword: 'a horse of another colour' },
  }),
  emailChangeRequest: attempt(operations.EmailChangeRequestDocument, {
    input: { newEmail: 'x@shop.example' },
  }),
  emailChangeConfirm: attempt(operations.EmailChangeConfirmDocument, { input: { code: '000000' } }),
  phoneChangeRequest: attempt(operations.PhoneChangeRequestDocument, {
    input: { newPhone: '+4915123456789' },
  }),
  phoneChangeConfirm: attempt(operations.PhoneChangeConfirmDocument, { input: { code: '000000' } }),
  ...twoFactorAttempts,
  sessionsEndOthers: attempt(operations.SessionsEndOthersDocument, {}),
  sessionUnlock: attempt(operations.SessionUnlockDocument, { input: { pin: '0417' } }),
  pinSet: attempt(operations.PinSetDocument, { input: { pin: '0417' } }),
  pinRemove: attempt(operations.PinRemoveDocument, {}),
};
const callers = (shop: Shop): Readonly<Record<string, ApiClient>> => ({
  owner: shop.owner,
  'TEST key': shop.test,
  'LIVE key': shop.live,
  'publishable TEST key': kit.platform.api.as(shop.publishable.TEST),
  'publishable LIVE key': kit.platform.api.as(shop.publishable.LIVE),
});

/** A refusal inside the data, or null. */
const isRefusal = (outcome: Outcome): boolean => {
  if ('errors' in outcome) return true;
  const [value] = Object.values(outcome.data ?? {});
  return value === null || (typeof value === 'object' && value !== null && 'code' in value);
};

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await rowCounts(kit.database.pool, WRITTEN);
  await work();
  expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
}

describe('what belongs to another merchant', () => {
  test('looks to every caller like what does not exist, and stays as it is', async () => {
    await unchanged(async () => {
      const foreign = namingThings(theirs);
      const absent = namingThings(nothing);
      for (const [who, client] of Object.entries(callers(ours))) {
        for (const [field, tried] of Object.entries(foreign)) {
          const outcome = await tried(client);
          expect(isRefusal(outcome), `${who}: ${field} gave ${JSON.stringify(outcome)}`).toBe(true);
          expect(outcome, `${who}: ${field}`).toEqual(await absent[field]?.(client));
        }
      }
    });
    expect(await invoiceOf(theirs.test, theirs.invoices.TEST)).toMatchObject({ status: 'CREATED' });
  });

  test('is in no list', async () => {
    const { projects } = await ours.owner.send(operations.ProjectsDocument, {});
    expect(projects.edges.map((e) => e.node.id)).toEqual([ours.projectId]);
    for (const mode of ['TEST', 'LIVE'] as const) {
      const listed = await ours.owner.send(operations.InvoicesDocument, { projectId: ours.projectId, mode });
      expect(listed.invoices.edges.map((e) => e.node.id)).toEqual([ours.invoices[mode]]);
    }
    const { notifications } = await ours.owner.send(operations.NotificationsDocument, { first: 100 });
    const { rows } = await kit.database.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM notification n JOIN "user" u ON u.id = n.user_id WHERE u.email = $1',
      [ours.email],
    );
    expect(notifications.edges).toHaveLength(rows[0]?.n ?? -1);
    expect(notifications.edges.map((e) => e.node.id)).not.toContain(theirs.notificationId);
  });

  test('cannot be paid by a quote of one’s own, nor quoted by a page’s key', async () => {
    await unchanged(async () => {
      const input = { invoiceId: ours.invoices.TEST, quoteId: theirs.quoteId };
      const { testPaymentSimulate } = await ours.test.send(operations.TestPaymentSimulateDocument, { input });
      expect(testPaymentSimulate).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'quoteId'] });
    });
  });

  test('cannot be followed', async () => {
    const { url } = kit.platform;
    for (const secret of [ours.sessionToken, ours.testKey, ours.liveKey]) {
      for (const mode of ['TEST', 'LIVE'] as const) {
        const event = await refusedStream(
          url,
          operations.EventsDocument,
          { projectId: theirs.projectId, mode },
          secret,
        );
        expect(event).toContain('"code":"FORBIDDEN"');
        expect(event).toBe(
          await refusedStream(url, operations.EventsDocument, { projectId: nothing.projectId, mode }, secret),
        );
        const id = theirs.invoices[mode];
        const update = await refusedStream(url, operations.InvoiceUpdatedDocument, { id }, secret);
        expect(update).toContain('"code":"FORBIDDEN"');
        expect(update).toBe(
          await refusedStream(url, operations.InvoiceUpdatedDocument, { id: nothing.invoices.TEST }, secret),
        );
      }
    }
  });
});

describe('one’s own', () => {
  test('nodes are found by their global id', async () => {
    const { userId, merchantId, projectId, apiKeyId, notificationId, invoices } = ours;
    for (const id of [
      userId,
      merchantId,
      projectId,
      apiKeyId,
      notificationId,
      invoices.TEST,
      invoices.LIVE,
    ]) {
      const { node } = await ours.owner.send(operations.NodeDocument, { id });
      expect(node).toEqual({ __typename: Buffer.from(id, 'base64url').toString().split(':')[0], id });
    }
  });

  test('a key of one mode does not see or touch the other', async () => {
    await unchanged(async () => {
      for (const [client, other] of [
        [ours.test, 'LIVE'],
        [ours.live, 'TEST'],
      ] as const) {
        const absent = inMode({ ...nothing, projectId: ours.projectId, merchantId: ours.merchantId }, other);
        for (const [field, tried] of Object.entries(inMode(ours, other))) {
          const outcome = await tried(client);
          expect(isRefusal(outcome), `${field} gave ${JSON.stringify(outcome)}`).toBe(true);
          expect(outcome, field).toEqual(await absent[field]?.(client));
        }
        const { invoices } = await client.send(operations.InvoicesDocument, {});
        expect(invoices.edges.map((e) => e.node.id)).toEqual([
          ours.invoices[other === 'LIVE' ? 'TEST' : 'LIVE'],
        ]);
      }
    });
    const page = kit.platform.api.as(ours.publishable.LIVE);
    const input = { invoiceId: ours.invoices.TEST, asset: 'USDT', network: 'ETHEREUM' } as const;
    const { quoteCreate } = await page.send(operations.QuoteCreateDocument, { input });
    expect(quoteCreate).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a secret key does not do what is a person’s', async () => {
    await unchanged(async () => {
      for (const field of [
        'node userId',
        'node apiKeyId',
        'node notificationId',
        'projectCreate',
        'apiKeyCreate TEST',
      ]) {
        const outcome = await namingThings(ours)[field]?.(ours.test);
        expect(outcome && isRefusal(outcome), field).toBe(true);
      }
    });
    // The keys of a project are for those who may manage them, also through the project.
    const keys = await attempt(operations.ProjectWithKeysDocument, {})(ours.test);
    expect(keys).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
  });

  test('a publishable key quotes, and nothing else', async () => {
    const page = kit.platform.api.as(ours.publishable.TEST);
    const invoice = await createInvoice(ours.test);
    const quote = await createQuote(page, invoice.id);
    expect(quote.address).toMatch(/^TEST-ETHEREUM-/);
    await unchanged(async () => {
      const mine: Things = { ...ours, invoices: { ...ours.invoices, TEST: invoice.id }, quoteId: quote.id };
      for (const [field, tried] of Object.entries(namingThings(mine))) {
        if (field === 'quoteCreate TEST') continue;
        const outcome = await tried(page);
        expect(isRefusal(outcome), `${field} gave ${JSON.stringify(outcome)}`).toBe(true);
      }
      for (const [field, tried] of Object.entries(namingNothing)) {
        expect(await tried(page), field).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
      }
      expect(await tryInvoice(page, {})).toMatchObject({ code: 'NOT_FOUND' });
    });
    for (const secret of [ours.publishable.TEST, ours.publishable.LIVE]) {
      expect(await refusedStream(kit.platform.url, operations.EventsDocument, {}, secret)).toContain(
        'FORBIDDEN',
      );
      const followed = await refusedStream(
        kit.platform.url,
        operations.InvoiceUpdatedDocument,
        { id: invoice.id },
        secret,
      );
      expect(followed).toContain('"code":"FORBIDDEN"');
    }
  });
});

describe('nobody in particular', () => {
  test('gets UNAUTHENTICATED, whatever is asked', async () => {
    const refused = { errors: [{ code: 'UNAUTHENTICATED', message: 'Sign in or send an API key.' }] };
    await unchanged(async () => {
      for (const [field, tried] of Object.entries(namingThings(theirs))) {
        // What the node is decides who may see it; nobody may see any.
        if (field.startsWith('node')) expect(isRefusal(await tried(kit.platform.api)), field).toBe(true);
        else expect(await tried(kit.platform.api), field).toEqual(refused);
      }
      for (const [field, tried] of Object.entries(namingNothing)) {
        expect(await tried(kit.platform.api), field).toEqual(refused);
      }
    });
    const { url } = kit.platform;
    expect(
      await refusedStream(url, operations.EventsDocument, { projectId: theirs.projectId }, null),
    ).toContain('"code":"UNAUTHENTICATED"');
    expect(
      await refusedStream(url, operations.InvoiceUpdatedDocument, { id: theirs.invoices.LIVE }, null),
    ).toContain('"code":"UNAUTHENTICATED"');
  });
});

describe('an id that names nothing', () => {
  const uuid = '019a0000-0000-7000-8000-000000000001';
  const malformed: readonly (readonly [what: string, id: string])[] = [
    ['nothing', ''],
    ['nonsense', 'nonsense'],
    ['an emoji', '💥'],
    ['a NUL', '\u0000'],
    ['a NUL inside', globalIdOf('Invoice', `${uuid}\u0000`)],
    ['5,000 characters', 'x'.repeat(5000)],
    ['a bare uuid', uuid],
    ['Invoice without uuid', globalIdOf('Invoice', '')],
    ['Invoice:1', globalIdOf('Invoice', '1')],
    ['a uuid with SQL behind it', globalIdOf('Invoice', `${uuid}'--`)],
    ['a type in small letters', globalIdOf('invoice', uuid)],
    ['no type', globalIdOf('', uuid)],
    ['__proto__', globalIdOf('__proto__', uuid)],
    ['a type that is none', globalIdOf('InvoiceX', uuid)],
    ['a type without ids', globalIdOf('Money', uuid)],
    ['a row without global id', globalIdOf('Quote', uuid)],
    ['the root type', globalIdOf('Query', uuid)],
    ['an interface', globalIdOf('Node', uuid)],
  ];
  const things = (id: string): Things => ({
    merchantId: id,
    projectId: id,
    userId: id,
    apiKeyId: id,
    withdrawalAddressId: id,
    notificationId: id,
    quoteId: id,
    invoices: { TEST: id, LIVE: id },
  });
  const isClear = (outcome: Outcome): boolean =>
    'data' in outcome
      ? isRefusal(outcome)
      : outcome.errors.every(({ code }) =>
          ['INVALID_INPUT', 'BAD_USER_INPUT', 'BAD_REQUEST', 'FORBIDDEN'].includes(code),
        );

  test.each(malformed)('%s is refused clearly, never as a fault', async (_what, id) => {
    await unchanged(async () => {
      for (const client of [ours.owner, ours.test]) {
        for (const [field, tried] of Object.entries(namingThings(things(id)))) {
          const outcome = await tried(client);
          expect(isClear(outcome), `${field} gave ${JSON.stringify(outcome)}`).toBe(true);
        }
      }
    });
  });

  test('is also one of another type', async () => {
    const swapped: Things = {
      ...ours,
      merchantId: ours.projectId,
      projectId: ours.merchantId,
      apiKeyId: ours.merchantId,
      withdrawalAddressId: ours.apiKeyId,
      invoices: { TEST: ours.projectId, LIVE: ours.apiKeyId },
    };
    await unchanged(async () => {
      for (const [field, tried] of Object.entries(namingThings(swapped))) {
        if (field.startsWith('node')) continue;
        const outcome = await tried(ours.owner);
        expect(isClear(outcome), `${field} gave ${JSON.stringify(outcome)}`).toBe(true);
      }
    });
  });
});
