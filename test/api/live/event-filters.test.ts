import { beforeAll, describe, expect, test } from 'vitest';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { endingCodes } from '../../testkit/live-clients.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { cancel, createInvoice } from '../../testkit/shop.ts';
import {
  anotherProject,
  BEGINNING,
  FUTURE,
  insertMember,
  next,
  payInvoice,
  takeUntil,
  TRANSPORTS,
} from './live-shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });
let ours: DemoMerchant;
let theirs: DemoMerchant;
beforeAll(async () => {
  ours = await openShop(kit, 'ada@shop.example');
  theirs = await openShop(kit, 'bob@other.example');
});

let shops = 0;
const anotherShop = () => openShop(kit, `shop${(shops += 1)}@shop.example`);

type Filter = operations.FilteredEventsSubscriptionVariables;

describe.each(TRANSPORTS)('over %s', (_transport, connect) => {
  const open = (secret: string, filter: Filter) =>
    connect(kit.platform.url, secret).iterate(operations.FilteredEventsDocument, filter);

  /** Names of the events from the beginning until `last` was told. */
  const namesUntil = async (secret: string, last: string, filter: Filter) => {
    const connection = connect(kit.platform.url, secret);
    const stream = connection.iterate(operations.FilteredEventsDocument, { after: BEGINNING, ...filter });
    const told = await takeUntil(stream, ({ events }) => events.name === last);
    connection.dispose();
    return told.map(({ events }) => events.name);
  };

  test('events can be of chosen types, categories and severities, all of which must fit', async () => {
    const shop = await anotherShop();
    const { id } = await createInvoice(shop.test);
    await cancel(shop.test, id);
    await payInvoice(shop);
    const about = { projectId: shop.projectId, mode: 'TEST' } as const;
    const names = (filter: Filter) => namesUntil(shop.sessionToken, 'invoice.paid', { ...about, ...filter });
    expect(await names({ severities: ['SUCCESS', 'WARNING'] })).toEqual(['api_key.created', 'invoice.paid']);
    expect(await names({ severities: ['SUCCESS', 'WARNING'], categories: ['PAYMENTS'] })).toEqual([
      'invoice.paid',
    ]);
    expect(await names({ types: ['INVOICE_CANCELED', 'INVOICE_PAID', 'API_KEY_CREATED'] })).toEqual([
      'api_key.created',
      'invoice.canceled',
      'invoice.paid',
    ]);
    expect(
      await names({ types: ['INVOICE_CANCELED', 'INVOICE_PAID'], severities: ['SUCCESS', 'CRITICAL'] }),
    ).toEqual(['invoice.paid']);
  });

  test('events can be of one thing, from the table and live', async () => {
    const shop = await anotherShop();
    const [first, second] = [await createInvoice(shop.test), await createInvoice(shop.test)];
    const stream = open(shop.testKey, { subjectId: second.id, after: BEGINNING });
    expect((await next(stream)).events).toMatchObject({ name: 'invoice.created', subjectId: second.id });
    await cancel(shop.test, first.id);
    await cancel(shop.test, second.id);
    expect((await next(stream)).events).toMatchObject({ name: 'invoice.canceled', subjectId: second.id });
    const stranger = open(theirs.testKey, { subjectId: first.id, after: BEGINNING });
    const own = await createInvoice(theirs.test);
    const both = open(theirs.testKey, { subjectId: own.id, after: BEGINNING });
    expect((await next(both)).events.subjectId).toBe(own.id);
    // What is of another merchant is never told: the stream of the stranger has told nothing by now.
    const silent = Symbol('silent');
    expect(await Promise.race([stranger.next(), createInvoice(theirs.test).then(() => silent)])).toBe(silent);
  });

  test('a whole merchant: every project, what has no project, and nothing of another mode', async () => {
    const shop = await anotherShop();
    const branch = await anotherProject(shop, 'Branch');
    await createInvoice(shop.live);
    await createInvoice(shop.owner, { projectId: branch, mode: 'TEST' });
    await createInvoice(shop.test);
    const stream = open(shop.sessionToken, { merchantId: shop.merchantId, mode: 'TEST', after: BEGINNING });
    const told = await takeUntil(
      stream,
      ({ events }) => events.name === 'invoice.created' && events.projectId === shop.projectId,
    );
    expect(told.map(({ events: { name, mode, projectId } }) => [name, mode, projectId])).toEqual([
      ['project.created', null, shop.projectId],
      ['api_key.created', 'TEST', shop.projectId],
      ['project.created', null, branch],
      ['invoice.created', 'TEST', branch],
      ['invoice.created', 'TEST', shop.projectId],
    ]);
  });

  test('a member of some projects is told nothing of the others, from the table and live', async () => {
    const shop = await anotherShop();
    const branch = await anotherProject(shop, 'Branch');
    const { token } = await insertMember(kit, shop, 'SUPPORT', branch);
    await createInvoice(shop.test);
    const first = await createInvoice(shop.owner, { projectId: branch, mode: 'TEST' });
    const stream = open(token, { merchantId: shop.merchantId, mode: 'TEST', after: BEGINNING });
    const told = async () => {
      const { events } = await next(stream);
      return [events.name, events.projectId, events.subjectId];
    };
    expect(await told()).toEqual(['project.created', branch, branch]);
    expect(await told()).toEqual(['invoice.created', branch, first.id]);
    await createInvoice(shop.test);
    const second = await createInvoice(shop.owner, { projectId: branch, mode: 'TEST' });
    expect(await told()).toEqual(['invoice.created', branch, second.id]);
  });

  test('what is not theirs to follow is refused to strangers, keys and who has no project', async () => {
    const { merchantId, projectId } = ours;
    const homeless = await insertMember(kit, ours, 'VIEWER', ours.projectId);
    await kit.database.pool.query(`UPDATE member SET project_ids = '{}' WHERE user_id = $1`, [
      homeless.userId,
    ]);
    const attempts: (readonly [string, Filter, string])[] = [
      [theirs.sessionToken, { merchantId }, 'FORBIDDEN'],
      [ours.testKey, { merchantId }, 'FORBIDDEN'],
      [homeless.token, { merchantId }, 'FORBIDDEN'],
      [ours.sessionToken, {}, 'FORBIDDEN'],
      [ours.sessionToken, { merchantId, projectId }, 'INVALID_INPUT'],
    ];
    for (const [secret, filter, code] of attempts)
      expect(await endingCodes(open(secret, filter))).toEqual([code]);
  });

  test('a cursor of the future is refused: nothing would ever come behind it', async () => {
    const { projectId, merchantId } = ours;
    const { id } = await createInvoice(ours.test);
    const at = { projectId, mode: 'TEST', after: FUTURE } as const;
    const connection = connect(kit.platform.url, ours.sessionToken);
    const days = { from: '2026-01-01', to: '2026-01-02' };
    for (const stream of [
      connection.iterate(operations.FilteredEventsDocument, at),
      connection.iterate(operations.FilteredEventsDocument, { merchantId, after: FUTURE }),
      connection.iterate(operations.InvoiceUpdatedDocument, { id, after: FUTURE }),
      connection.iterate(operations.PaymentUpdatedDocument, at),
      connection.iterate(operations.BalanceUpdatedDocument, { merchantId, after: FUTURE }),
      connection.iterate(operations.StatisticsUpdatedDocument, { ...at, ...days }),
    ])
      expect(await endingCodes(stream)).toEqual(['CURSOR_UNKNOWN']);
  });
});
