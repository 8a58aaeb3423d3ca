import { beforeAll, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowIdOf } from '../testkit/facts.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';

const kit = usePlatform();
let ada: DemoMerchant;
let bea: DemoMerchant;
let secondProject: string;

const projects = async (api: ApiClient, variables: operations.ListOfProjectsQueryVariables) =>
  (await api.send(operations.ListOfProjectsDocument, variables)).projects;
const keys = async (variables: operations.ListOfKeysQueryVariables) => {
  const { project } = await ada.owner.send(operations.ListOfKeysDocument, variables);
  if (!project) throw new Error('no such project');
  return project.apiKeys;
};

beforeAll(async () => {
  ada = await openMerchant(kit.platform, 'ada@shop.example');
  bea = await openMerchant(kit.platform, 'bea@shop.example');
  for (const name of ['Second', 'Third']) {
    const input = { merchantId: ada.merchantId, name };
    const { projectCreate } = await ada.owner.send(operations.ProjectCreateDocument, { input });
    secondProject = accepted(projectCreate, 'Project').id;
  }
});

describe("cursors of Prisma's lists", () => {
  test('lead through the list', async () => {
    const all = (await projects(ada.owner, { first: 10 })).edges.map(({ node }) => node.id);
    expect(all).toHaveLength(3);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo }: Awaited<ReturnType<typeof projects>> = await projects(ada.owner, {
        first: 1,
        after,
      });
      seen.push(...edges.map(({ node }) => node.id));
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges[0]?.cursor]);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(seen).toEqual(all);
  });

  test('lead through what belongs to a thing, from both ends', async () => {
    const projectId = ada.projectId;
    const { edges } = await keys({ projectId, first: 10 });
    expect(edges).toHaveLength(2);
    const [newest, oldest] = edges;
    const second = await keys({ projectId, first: 1, after: newest?.cursor ?? '' });
    expect(second.edges).toEqual([oldest]);
    const first = await keys({ projectId, last: 1, before: oldest?.cursor ?? '' });
    expect(first.edges).toEqual([newest]);
  });

  test('are refused by another list: with other filters, of another thing, of somebody else, of another kind', async () => {
    const after = (await projects(ada.owner, { first: 1 })).edges[0]?.cursor ?? '';
    const ofKey = (await keys({ projectId: ada.projectId, first: 1 })).edges[0]?.cursor ?? '';
    const refused = ['INVALID_INPUT'];
    expect(await errorCodes(projects(ada.owner, { archived: true, after }))).toEqual(refused);
    expect(await errorCodes(projects(bea.owner, { after }))).toEqual(refused);
    expect(await errorCodes(projects(ada.owner, { after: ofKey }))).toEqual(refused);
    expect(await errorCodes(keys({ projectId: secondProject, after: ofKey }))).toEqual(refused);
    expect(await errorCodes(keys({ projectId: ada.projectId, after }))).toEqual(refused);
    const ofEach = ada.owner.send(operations.KeysInListOfProjectsDocument, { first: 1, after: ofKey });
    expect(new Set(await errorCodes(ofEach))).toEqual(new Set(refused));
    const notifications = ada.owner.send(operations.CursorOfNotificationsDocument, { after });
    expect(await errorCodes(notifications)).toEqual(refused);
  });

  test("are not Pothos' own", async () => {
    const plain = Buffer.from(`GPC:S:${rowIdOf(ada.projectId)}`).toString('base64');
    expect(await errorCodes(projects(ada.owner, { after: plain }))).toEqual(['INVALID_INPUT']);
  });
});

describe('payments', () => {
  const list = async (filter: operations.PaymentFilter, after?: string) =>
    (await ada.test.send(operations.ListOfPaymentsDocument, { filter, first: 2, after: after ?? null }))
      .payments;

  test('are found by asset, network and status, over pages', async () => {
    for (const asset of ['USDT', 'ETH', 'USDT', 'USDT'] as const) {
      const invoice = await createInvoice(ada.test);
      await simulatePayment(ada.test, invoice.id, (await createQuote(ada.test, invoice.id, { asset })).id);
    }
    const of = async (filter: operations.PaymentFilter) =>
      (await list(filter)).edges.map(({ node }) => node.asset);
    expect(await of({})).toEqual(['USDT', 'USDT']);
    expect(await of({ asset: 'ETH' })).toEqual(['ETH']);
    expect(await of({ asset: 'ETH', status: ['CREDITED'] })).toEqual(['ETH']);
    expect(await of({ asset: 'ETH', status: ['DETECTED', 'ORPHANED'] })).toEqual([]);
    expect(await of({ network: 'CRONOS' })).toEqual([]);
    expect(await of({ network: 'ETHEREUM', asset: 'ETH' })).toEqual(['ETH']);
    const filter = { network: 'ETHEREUM' as const, status: ['CREDITED', 'CONFIRMED'] as const };
    const first = await list(filter);
    const second = await list(filter, first.pageInfo.endCursor ?? '');
    expect([...first.edges, ...second.edges].map(({ node }) => node.asset)).toEqual([
      'USDT',
      'USDT',
      'ETH',
      'USDT',
    ]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(await errorCodes(list({ asset: 'USDT' }, first.pageInfo.endCursor ?? ''))).toEqual([
      'INVALID_INPUT',
    ]);
  });
});
