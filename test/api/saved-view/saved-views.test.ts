import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { join, type TeamPerson } from '../../testkit/team.ts';
import { exported } from '../export/export-kit.ts';

const kit = usePlatform();
let merchant: DemoMerchant;
let member: TeamPerson;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  member = await join(kit, merchant, 'bea@shop.example');
});
beforeEach(async () => {
  await kit.database.pool.query('DELETE FROM saved_view');
});

type Input = operations.SavedViewSaveInput;
const trySave = async (api: ApiClient, input: Partial<Input> = {}) =>
  (
    await api.send(operations.SavedViewSaveDocument, {
      input: {
        merchantId: merchant.merchantId,
        list: 'INVOICES',
        name: 'Open',
        columns: ['orderId', 'amount'],
        filter: { status: ['CREATED'] },
        ...input,
      },
    })
  ).savedViewSave;
const save = async (api: ApiClient, input: Partial<Input> = {}) =>
  accepted(await trySave(api, input), 'SavedView');
const views = async (api: ApiClient, list?: Input['list']) =>
  (
    await api.send(operations.SavedViewsDocument, {
      merchantId: merchant.merchantId,
      ...(list ? { list } : {}),
    })
  ).savedViews;
const remove = async (api: ApiClient, savedViewId: string) =>
  (await api.send(operations.SavedViewRemoveDocument, { input: { savedViewId } })).savedViewRemove;

describe('a saved view', () => {
  test('is given back as it was saved, by list and name, and can be exported by', async () => {
    const open = await save(merchant.owner);
    const held = await save(merchant.owner, {
      list: 'PAYMENTS',
      name: 'Held',
      columns: ['txId'],
      filter: { unresolved: true },
    });
    expect(open).toMatchObject({
      list: 'INVOICES',
      name: 'Open',
      columns: ['orderId', 'amount'],
      filter: { status: ['CREATED'] },
    });
    expect((await views(merchant.owner)).map(({ id }) => id)).toEqual([held.id, open.id]);
    expect((await views(merchant.owner, 'PAYMENTS')).map(({ id }) => id)).toEqual([held.id]);
    const [view] = await views(merchant.owner, 'INVOICES');
    expect(
      await exported(kit.platform.url, 'invoices', {
        token: merchant.testKey,
        columns: view?.columns.join(',') ?? '',
        filter: view?.filter,
      }),
    ).toEqual([]);
  });

  test('is overwritten by one of the same name', async () => {
    const first = await save(merchant.owner);
    const second = await save(merchant.owner, { name: ' Open ', columns: ['id'], filter: {} });
    expect(second).toEqual({ ...first, columns: ['id'], filter: {} });
    expect(await views(merchant.owner)).toEqual([expect.objectContaining({ id: first.id })]);
  });

  test('is for one person alone', async () => {
    const own = await save(merchant.owner);
    const theirs = await save(member.api);
    expect(theirs.id).not.toBe(own.id);
    expect((await views(member.api)).map(({ id }) => id)).toEqual([theirs.id]);
    expect(await remove(member.api, own.id)).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'savedViewId'],
    });
    expect(await merchant.owner.send(operations.NodeDocument, { id: own.id })).toMatchObject({
      node: { __typename: 'SavedView' },
    });
    expect(await member.api.send(operations.NodeDocument, { id: own.id })).toEqual({ node: null });
    expect(await views(merchant.owner)).toHaveLength(1);
  });

  test('can be removed once', async () => {
    const { id } = await save(merchant.owner);
    expect(await remove(merchant.owner, id)).toMatchObject({ savedViewId: id });
    expect(await remove(merchant.owner, id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await views(merchant.owner)).toEqual([]);
  });

  test('is one of fifty at most, of however many are saved at once', async () => {
    for (let n = 0; n < 45; n++) await save(merchant.owner, { name: `View ${n}` });
    const more = await Promise.all(
      Array.from({ length: 10 }, (_, n) => trySave(merchant.owner, { name: `More ${n}` })),
    );
    expect(more.filter(({ __typename }) => __typename === 'SavedView')).toHaveLength(5);
    expect(more.filter((r) => 'code' in r && r.code === 'WRONG_STATE')).toHaveLength(5);
    expect(await views(merchant.owner)).toHaveLength(50);
    await save(merchant.owner, { name: 'View 1', columns: ['id'] });
    await save(member.api);
  });
});

describe('what is no view', () => {
  const wrong: readonly [what: string, input: Partial<Input>, path: string[]][] = [
    ['no name', { name: ' ' }, ['name']],
    ['a name too long', { name: 'x'.repeat(101) }, ['name']],
    ['two lines of name', { name: 'a\nb' }, ['name']],
    ['no column', { columns: [] }, ['columns']],
    ['a column of another list', { columns: ['txId'] }, ['columns']],
    ['a column twice', { columns: ['id', 'id'] }, ['columns']],
    ['an unknown filter', { filter: { state: 'PAID' } }, ['filter']],
    ['a filter of another list', { list: 'PAYMENTS', columns: ['id'], filter: { orderId: 'x' } }, ['filter']],
    ['a status that is none', { filter: { status: ['DONE'] } }, ['filter', 'status', '0']],
    ['a list for a filter', { filter: [] }, ['filter']],
    ['a text for a filter', { filter: '{}' }, ['filter']],
    ['a filter too long', { filter: { status: Array.from({ length: 500 }, () => 'CREATED') } }, ['filter']],
  ];
  test.each(wrong)('%s is refused and nothing is written', async (_what, input, path) => {
    expect(await trySave(merchant.owner, input)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', ...path],
    });
    expect(await rowCounts(kit.database.pool, ['saved_view'])).toEqual({ saved_view: 0 });
  });

  test('nobody else’s merchant has any, and an API key has none', async () => {
    const stranger = await openMerchant(kit.platform, 'eve@shop.example');
    expect(await trySave(stranger.owner)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await errorCodes(views(stranger.owner))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(views(merchant.test))).toEqual(['FORBIDDEN']);
    expect(await rowCounts(kit.database.pool, ['saved_view'])).toEqual({ saved_view: 0 });
  });
});
