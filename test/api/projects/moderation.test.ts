import { HDKey } from '@scure/bip32';
import { beforeAll, describe, expect, test } from 'vitest';
import { createInvoiceStore } from '../../../src/adapters/db/invoice-store.ts';
import { createProjectStore } from '../../../src/adapters/db/project-store.ts';
import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { SYSTEM } from '../../../src/domain/access/actor.ts';
import * as operations from '../../../src/generated/documents.ts';
import { invoiceCreate } from '../../../src/usecases/invoice/invoice-create.ts';
import { createInvoiceWriting } from '../../../src/usecases/invoice/invoice-writing.ts';
import { quoteCreate } from '../../../src/usecases/invoice/quote-create.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openOperator } from '../../testkit/operator.ts';
import { attempt } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, tryInvoice, tryQuote } from '../../testkit/shop.ts';
import {
  decide,
  openMember,
  openProject,
  requestModeration,
  settingsOf,
  tryKey,
  update,
  type Member,
} from './people.ts';

const xpub = HDKey.fromMasterSeed(new Uint8Array(32).fill(7)).derive("m/44'/60'/0'").publicExtendedKey;
const kit = usePlatform({
  env: {
    PROJECT_MODERATION: 'manual',
    // Nothing watches: the network is for its addresses only.
    ROLES: 'api,worker',
    NETWORKS: JSON.stringify([{ network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub }]),
  },
});
let owner: Member;
let moderator: ApiClient;
beforeAll(async () => {
  owner = await openMember(kit, 'OWNER');
  moderator = (await openOperator(kit.platform, kit.database, 'MODERATOR')).api;
});

async function unchanged(work: () => Promise<void>): Promise<void> {
  const counts = () =>
    rowCounts(kit.database.pool, ['project', 'moderation_change', 'api_key', 'invoice', 'quote', 'event']);
  const before = await counts();
  await work();
  expect(await counts()).toEqual(before);
}

async function activeProject(): Promise<string> {
  const id = await openProject(owner, { requestModeration: true });
  accepted(await decide(moderator, id, 'ACTIVE'), 'ModeratedProject');
  return id;
}

const stateOf = async (id: string) => (await settingsOf(owner.api, id)).moderation;

test('a project is asked for, approved, blocked and freed; live payments follow, and the history says why', async () => {
  const id = await openProject(owner);
  expect(await tryKey(owner.api, id, 'LIVE')).toMatchObject({
    code: 'PROJECT_NOT_ACTIVE',
  });
  accepted(await requestModeration(owner.api, id, '  We sell tea. '), 'Project');
  expect(await tryKey(owner.api, id, 'LIVE')).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
  expect(await decide(moderator, id, 'REJECTED', 'The site is empty.')).toMatchObject({
    moderation: 'REJECTED',
  });
  accepted(await requestModeration(owner.api, id), 'Project');
  expect(await decide(moderator, id, 'ACTIVE')).toEqual({
    __typename: 'ModeratedProject',
    projectId: id,
    moderation: 'ACTIVE',
    merchantName: 'Corner Shop',
  });

  const shop = kit.platform.api.as(
    accepted(await tryKey(owner.api, id, 'LIVE'), 'ApiKeyCreatePayload').secret,
  );
  const test = kit.platform.api.as(
    accepted(await tryKey(owner.api, id, 'TEST'), 'ApiKeyCreatePayload').secret,
  );
  const [invoice, quoted] = [await createInvoice(shop), await createInvoice(shop, { currency: 'USDT' })];
  const quote = await createQuote(shop, quoted.id);

  expect(await decide(moderator, id, 'BLOCKED', 'It sells something else.')).toMatchObject({
    moderation: 'BLOCKED',
  });
  await unchanged(async () => {
    const blocked = {
      code: 'PROJECT_NOT_ACTIVE',
      message: 'The operator blocked this project: it takes no live payments.',
    };
    expect(await tryInvoice(shop, {})).toMatchObject(blocked);
    // Not even the address that was given before: nobody is to be led to it any more.
    for (const { id: invoiceId } of [invoice, quoted]) {
      expect(await tryQuote(shop, invoiceId)).toMatchObject(blocked);
    }
    expect(await tryKey(owner.api, id, 'LIVE')).toMatchObject(blocked);
    expect(await tryInvoice(owner.api, { projectId: id, mode: 'LIVE' })).toMatchObject(blocked);
  });
  // Test mode moves no money, and a developer may need it to answer the operator.
  await createQuote(test, (await createInvoice(test)).id);
  // The approval of before, sent once more: another operator has blocked the project since.
  await unchanged(async () => {
    expect(await decide(moderator, id, 'ACTIVE')).toMatchObject({ code: 'WRONG_STATE' });
  });
  expect(await decide(moderator, id, 'UNBLOCKED')).toMatchObject({ moderation: 'ACTIVE' });
  expect(await createQuote(shop, quoted.id)).toEqual(quote);

  const { moderationHistory } = await settingsOf(owner.api, id);
  expect(moderationHistory.edges.map(({ node }) => node).toReversed()).toEqual([
    { from: 'NOT_REQUESTED', to: 'ON_MODERATION', reason: 'We sell tea.', byOperator: false },
    { from: 'ON_MODERATION', to: 'REJECTED', reason: 'The site is empty.', byOperator: true },
    { from: 'REJECTED', to: 'ON_MODERATION', reason: null, byOperator: false },
    { from: 'ON_MODERATION', to: 'ACTIVE', reason: null, byOperator: true },
    { from: 'ACTIVE', to: 'BLOCKED', reason: 'It sells something else.', byOperator: true },
    { from: 'BLOCKED', to: 'ACTIVE', reason: null, byOperator: true },
  ]);
  expect(await eventTypes(kit.database.pool, id)).toEqual([
    'project.created',
    'project.moderation_requested',
    'project.moderation_decided',
    'project.moderation_requested',
    ...Array.from({ length: 3 }, () => 'project.moderation_decided'),
  ]);
  const { rows } = await kit.database.pool.query(
    `SELECT actor->>'type' AS by, data FROM event WHERE project_id = $1 AND type = 'project.moderation_decided'
    ORDER BY txid, seq LIMIT 1`,
    [rowIdOf(id)],
  );
  expect(rows).toEqual([
    {
      by: 'OPERATOR',
      data: {
        name: 'Corner Shop online',
        from: 'ON_MODERATION',
        to: 'REJECTED',
        reason: 'The site is empty.',
      },
    },
  ]);
});

test('a block that comes between the look at a project and the write stops invoice and quote', async () => {
  const id = await activeProject();
  const { pool } = kit.database;
  const projects = createProjectStore(pool);
  const shop = kit.platform.api.as(
    accepted(await tryKey(owner.api, id, 'LIVE'), 'ApiKeyCreatePayload').secret,
  );
  const invoice = await createInvoice(shop, { currency: 'USDT' });
  const shared = {
    invoices: createInvoiceStore(pool, uuidSource),
    rates: { table: async () => ({ rateOf: () => null }) },
    ids: uuidSource,
    clock: systemClock,
    feed: { poke: () => undefined },
  };
  const deps = {
    ...shared,
    ...createInvoiceWriting({ ...shared, pause: async () => undefined }),
    projects: {
      projectById: async (projectId: string) => {
        const seen = await projects.projectById(projectId);
        await pool.query(`UPDATE project SET moderation = 'BLOCKED' WHERE id = $1`, [projectId]);
        return seen;
      },
    },
    addresses: { assign: async () => '0x0000000000000000000000000000000000000001' },
    secrets: createSecrets(new Uint8Array(32).fill(7)),
  };
  await unchanged(async () => {
    const quote = { invoiceId: rowIdOf(invoice.id), asset: 'USDT', network: 'ETHEREUM' };
    const blocked = { code: 'PROJECT_NOT_ACTIVE', message: expect.stringContaining('blocked') };
    expect(await quoteCreate(deps)(SYSTEM, quote)).toMatchObject({ refusal: blocked });
    await pool.query(`UPDATE project SET moderation = 'ACTIVE' WHERE id = $1`, [rowIdOf(id)]);
    const input = { projectId: rowIdOf(id), mode: 'LIVE', amount: '5', currency: 'USD' } as const;
    expect(await invoiceCreate(deps)(SYSTEM, input)).toMatchObject({ refusal: blocked });
  });
});

describe('a step that cannot be taken', () => {
  test('changes nothing and says where the project stands', async () => {
    const id = await openProject(owner);
    await unchanged(async () => {
      for (const decision of ['ACTIVE', 'REJECTED', 'BLOCKED', 'UNBLOCKED'] as const) {
        expect(await decide(moderator, id, decision, 'why not')).toMatchObject({
          code: 'WRONG_STATE',
          message: 'The project is NOT_REQUESTED.',
          path: ['input', 'decision'],
        });
      }
    });
    await requestModeration(owner.api, id);
    await unchanged(async () => {
      expect(await decide(moderator, id, 'BLOCKED', 'why not')).toMatchObject({ code: 'WRONG_STATE' });
      expect(await requestModeration(owner.api, id)).toMatchObject({
        code: 'WRONG_STATE',
        message: 'The project is ON_MODERATION.',
      });
      for (const reason of [undefined, '', '   ']) {
        expect(await decide(moderator, id, 'REJECTED', reason)).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'reason'],
        });
      }
      expect(await decide(moderator, id, 'REJECTED', 'x'.repeat(1001))).toMatchObject({
        code: 'INVALID_INPUT',
      });
    });
    expect(await stateOf(id)).toBe('ON_MODERATION');
  });

  test('is taken by one of ten at once', async () => {
    const id = await openProject(owner);
    const requests = await Promise.all(Array.from({ length: 10 }, () => requestModeration(owner.api, id)));
    expect(requests.filter((r) => r.__typename === 'Project')).toHaveLength(1);
    const decisions = await Promise.all(
      Array.from({ length: 10 }, (_, i) => decide(moderator, id, i % 2 ? 'ACTIVE' : 'REJECTED', 'because')),
    );
    expect(decisions.filter((d) => d.__typename === 'ModeratedProject')).toHaveLength(1);
    const { moderationHistory } = await settingsOf(owner.api, id);
    expect(moderationHistory.edges).toHaveLength(2);
  });
});

describe('the name and the site of an approved project', () => {
  test.each([
    ['site', { siteUrl: 'https://another.example/' }],
    ['missing site', { siteUrl: null }],
    ['name', { name: 'Another Shop' }],
  ] as const)('are no longer approved with another %s', async (_what, change) => {
    const id = await activeProject();
    await unchanged(async () => {
      expect(await update(owner.api, id, { ...change, page: { title: 'Pay' } })).toMatchObject({
        code: 'WRONG_STATE',
        path: ['input', 'restartModeration'],
      });
    });
    expect(await update(owner.api, id, { ...change, restartModeration: true })).toMatchObject({
      ...change,
      moderation: 'ON_MODERATION',
    });
    expect(await tryKey(owner.api, id, 'LIVE')).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
    const { moderationHistory } = await settingsOf(owner.api, id);
    expect(moderationHistory.edges[0]?.node).toEqual({
      from: 'ACTIVE',
      to: 'ON_MODERATION',
      reason: 'Name or site was changed.',
      byOperator: false,
    });
    expect((await eventTypes(kit.database.pool, id)).slice(-2)).toEqual([
      'project.updated',
      'project.moderation_requested',
    ]);
  });

  test('stay with all else that is changed', async () => {
    const id = await activeProject();
    const same = { name: 'Corner Shop online', siteUrl: 'https://shop.example/' };
    expect(
      await update(owner.api, id, { ...same, page: { title: 'Pay' }, restartModeration: true }),
    ).toMatchObject({
      moderation: 'ACTIVE',
      page: { title: 'Pay' },
    });
  });

  test('are fixed while the operator looks, and under a block', async () => {
    const id = await openProject(owner, { requestModeration: true });
    await unchanged(async () => {
      const change = { siteUrl: 'https://another.example/', restartModeration: true };
      expect(await update(owner.api, id, change)).toMatchObject({
        code: 'WRONG_STATE',
        message: 'Name and site are fixed while the project is ON_MODERATION.',
        path: ['input', 'siteUrl'],
      });
    });
    await decide(moderator, id, 'ACTIVE');
    await decide(moderator, id, 'BLOCKED', 'fraud');
    expect(await update(owner.api, id, { name: 'Other', restartModeration: true })).toMatchObject({
      code: 'WRONG_STATE',
      path: ['input', 'name'],
    });
    expect(await update(owner.api, id, { page: { title: 'Pay' } })).toMatchObject({ moderation: 'BLOCKED' });
  });

  test('cannot slip past an approval that comes at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await openProject(owner, { requestModeration: true });
      const [, changed] = await Promise.all([
        decide(moderator, id, 'ACTIVE'),
        update(owner.api, id, { siteUrl: 'https://another.example/' }),
      ]);
      expect(changed).toMatchObject({ code: 'WRONG_STATE' });
      expect(await settingsOf(owner.api, id)).toMatchObject({
        moderation: 'ACTIVE',
        siteUrl: 'https://shop.example/',
      });
    }
  });
});

describe('the operator', () => {
  test('sees the projects that wait, page by page, with what a decision needs', async () => {
    const first = await openProject(owner, { requestModeration: true, name: 'First' });
    const second = await openProject(owner, { requestModeration: true, name: 'Second' });
    const page = await moderator.send(operations.ProjectsForModerationDocument, { first: 1 });
    expect(page.projectsForModeration.edges.map(({ node }) => node)).toEqual([
      {
        projectId: second,
        name: 'Second',
        siteUrl: 'https://shop.example/',
        moderation: 'ON_MODERATION',
        merchantName: 'Corner Shop',
        merchantType: 'PERSONAL',
        moderationHistory: {
          edges: [{ node: { from: 'NOT_REQUESTED', to: 'ON_MODERATION', reason: null, byOperator: false } }],
        },
      },
    ]);
    const { endCursor: after } = page.projectsForModeration.pageInfo;
    const next = await moderator.send(operations.ProjectsForModerationDocument, { first: 1, after });
    expect(next.projectsForModeration.edges[0]?.node.projectId).toBe(first);
    const refused = await attempt(operations.ProjectsForModerationDocument, { after: 'x' })(moderator);
    expect(refused).toMatchObject({ errors: [{ code: 'BAD_REQUEST' }] });
  });

  test('is who has the right and a second factor, and nobody else', async () => {
    const id = await openProject(owner, { requestModeration: true });
    const support = await openOperator(kit.platform, kit.database, 'SUPPORT');
    const oneFactor = await openOperator(kit.platform, kit.database, 'ADMIN', { secondFactorAt: null });
    const key = accepted(await tryKey(owner.api, id, 'TEST'), 'ApiKeyCreatePayload').secret;
    await unchanged(async () => {
      for (const api of [owner.api, support.api, oneFactor.api, kit.platform.api.as(key)]) {
        const input = { projectId: id, decision: 'ACTIVE' } as const;
        for (const tried of [
          attempt(operations.ProjectModerationDecideDocument, { input }),
          attempt(operations.ProjectsForModerationDocument, {}),
        ]) {
          expect(await tried(api)).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
        }
      }
    });
    expect(await stateOf(id)).toBe('ON_MODERATION');
  });

  test('proves to be there first', async () => {
    const id = await openProject(owner, { requestModeration: true });
    const absent = await openOperator(kit.platform, kit.database, 'MODERATOR', { steppedUpAt: null });
    await unchanged(async () => {
      // What is wrong with the input is told before.
      expect(await decide(absent.api, id, 'REJECTED')).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await decide(absent.api, id, 'ACTIVE')).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      const unknown = globalIdOf('Project', crypto.randomUUID());
      expect(await decide(absent.api, unknown, 'ACTIVE')).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await decide(moderator, unknown, 'ACTIVE')).toMatchObject({ code: 'NOT_FOUND' });
    });
    expect(await stateOf(id)).toBe('ON_MODERATION');
  });

  test('has no right of the merchant', async () => {
    const id = await openProject(owner, { requestModeration: true });
    const node = await attempt(operations.NodeDocument, { id })(moderator);
    expect(node).toEqual({ data: { node: null } });
    const project = await attempt(operations.ProjectWithKeysDocument, { id })(moderator);
    expect(project).toEqual({ data: { project: null } });
    const input = { projectId: id, name: 'Mine' };
    const updated = await attempt(operations.ProjectUpdateDocument, { input })(moderator);
    expect(updated).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
  });
});
