import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import { openShop } from '../../testkit/open-shop.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { statementsDuring } from '../../testkit/statements.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { forgetAttempts, join, membersOf, stepUp, type TeamPerson } from '../../testkit/team.ts';

const kit = usePlatform();

type Verb = 'memberUpdate' | 'memberDisable' | 'memberEnable' | 'memberRemove' | 'ownershipTransfer';
type Change = Omit<operations.MemberUpdateInput, 'memberId'>;

let shop: DemoMerchant;
let other: DemoMerchant;
let ownerId: string;
let admin: TeamPerson;
let support: TeamPerson;

const team = () => membersOf(shop.owner, shop.merchantId);
const memberOf = async (email: string) => (await team()).find((member) => member.email === email);
const facts = async () => ({
  ...(await rowCounts(kit.database.pool, ['event', 'member'])),
  members: await kit.database.pool
    .query('SELECT id, role, restricted, project_ids, disabled_at FROM member ORDER BY id')
    .then(({ rows }) => rows),
});

async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const before = await facts();
  await work();
  expect(await facts()).toEqual(before);
}

const update = async (api: ApiClient, memberId: string, change: Change) =>
  (await api.send(operations.MemberUpdateDocument, { input: { memberId, ...change } })).memberUpdate;
const disable = async (api: ApiClient, memberId: string) =>
  (await api.send(operations.MemberDisableDocument, { input: { memberId } })).memberDisable;
const enable = async (api: ApiClient, memberId: string) =>
  (await api.send(operations.MemberEnableDocument, { input: { memberId } })).memberEnable;
const remove = async (api: ApiClient, memberId: string) =>
  (await api.send(operations.MemberRemoveDocument, { input: { memberId } })).memberRemove;
const transfer = async (api: ApiClient, memberId: string) =>
  (await api.send(operations.OwnershipTransferDocument, { input: { memberId } })).ownershipTransfer;

const verbs: Readonly<Record<Verb, (api: ApiClient, memberId: string) => Promise<{ __typename: string }>>> = {
  memberUpdate: (api, memberId) => update(api, memberId, { role: 'VIEWER' }),
  memberDisable: disable,
  memberEnable: enable,
  memberRemove: remove,
  ownershipTransfer: transfer,
};

beforeAll(async () => {
  shop = await openShop(kit, 'owner@shop.example');
  other = await openShop(kit, 'boss@other.example', new Date(), 'Other');
  admin = await join(kit, shop, 'admin@shop.example', { role: 'ADMIN' });
  support = await join(kit, shop, 'support@shop.example', { role: 'SUPPORT' });
  ownerId = (await memberOf(shop.email))?.id ?? '';
});
beforeEach(async () => {
  await forgetAttempts(kit);
  await stepUp(kit, shop.email);
  await stepUp(kit, admin.email);
});

describe('the team', () => {
  test('is listed newest first, page by page', async () => {
    expect((await team()).map(({ email }) => email)).toEqual([support.email, admin.email, shop.email]);
    const first = await shop.owner.send(operations.TeamDocument, { merchantId: shop.merchantId, first: 1 });
    const edges = first.node && 'members' in first.node ? first.node.members?.edges : [];
    const second = await shop.owner.send(operations.TeamDocument, {
      merchantId: shop.merchantId,
      first: 1,
      after: edges?.[0]?.cursor ?? '',
    });
    expect(second.node).toMatchObject({ members: { edges: [{ node: { email: admin.email } }] } });
  });

  test('costs as many statements for all as for one', async () => {
    const { merchantId } = shop;
    const cost = (first: number) =>
      statementsDuring(/"public"\."/, () => admin.api.send(operations.TeamDocument, { merchantId, first }));
    const one = await cost(1);
    expect(one.length).toBeGreaterThan(0);
    expect(await cost(100)).toHaveLength(one.length);
  });

  test('is nobody else’s: a stranger’s ids look like ids of nothing', async () => {
    await stepUp(kit, other.email);
    await unchanged(async () => {
      for (const [verb, tried] of Object.entries(verbs)) {
        const foreign = await tried(other.owner, admin.memberId);
        expect(foreign, verb).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'memberId'] });
        expect(await tried(other.owner, globalIdOf('Member', crypto.randomUUID())), verb).toEqual(foreign);
        // A member without the right learns nothing either.
        expect(await tried(support.api, admin.memberId), verb).toEqual(foreign);
        expect(await errorCodes(tried(shop.test, admin.memberId)), verb).toEqual(['FORBIDDEN']);
        expect(await errorCodes(tried(kit.platform.api, admin.memberId)), verb).toEqual(['UNAUTHENTICATED']);
      }
    });
    for (const api of [other.owner, support.api, shop.test]) {
      const { node } = await api.send(operations.TeamNodeDocument, { id: admin.memberId });
      expect(node).toBeNull();
    }
    const { node } = await support.api.send(operations.TeamNodeDocument, { id: support.memberId });
    expect(node).toMatchObject({ id: support.memberId, role: 'SUPPORT' });
  });
});

describe('a role', () => {
  test('is changed at once, and told with the person', async () => {
    const person = await join(kit, shop, 'promoted@shop.example');
    const changed = accepted(await update(admin.api, person.memberId, { role: 'FINANCE' }), 'Member');
    expect(changed).toMatchObject({ role: 'FINANCE', projectIds: null });
    const { viewer } = await person.api.send(operations.OwnMembershipsDocument, {});
    expect(viewer.memberships[0]?.role).toBe('FINANCE');
    const { rows } = await kit.database.pool.query<{ data: unknown }>(
      `SELECT data FROM event WHERE type = 'member.changed' AND subject_id = $1`,
      [rowIdOf(person.memberId)],
    );
    expect(rows.map(({ data }) => data)).toEqual([
      {
        email: person.email,
        userId: expect.any(String) as string,
        role: 'FINANCE',
        previousRole: 'VIEWER',
        restricted: false,
      },
    ]);
    // The same once more changes and tells nothing.
    await unchanged(() => update(admin.api, person.memberId, { role: 'FINANCE' }));
  });

  test('with guarded rights asks for a step-up', async () => {
    await kit.database.pool.query('UPDATE session SET stepped_up_at = NULL');
    await unchanged(async () => {
      for (const role of ['OWNER', 'ADMIN', 'FINANCE', 'DEVELOPER'] as const) {
        expect(await update(shop.owner, support.memberId, { role })).toMatchObject({
          code: 'STEP_UP_REQUIRED',
        });
      }
      expect(await enable(shop.owner, admin.memberId)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await transfer(shop.owner, admin.memberId)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    });
    accepted(await update(shop.owner, support.memberId, { role: 'SUPPORT' }), 'Member');
  });

  test('of an owner is out of an admin’s reach, and so is making one', async () => {
    await unchanged(async () => {
      for (const [verb, tried] of Object.entries(verbs)) {
        expect(await tried(admin.api, ownerId), verb).toMatchObject({
          code: verb === 'ownershipTransfer' ? 'NOT_FOUND' : 'WRONG_STATE',
        });
      }
      expect(await update(admin.api, support.memberId, { role: 'OWNER' })).toMatchObject({
        code: 'WRONG_STATE',
      });
    });
  });

  test('is never one’s own to change', async () => {
    await unchanged(async () => {
      for (const role of ['OWNER', 'ADMIN', 'VIEWER'] as const) {
        expect(await update(admin.api, admin.memberId, { role })).toMatchObject({ code: 'WRONG_STATE' });
        expect(await update(shop.owner, ownerId, { role })).toMatchObject({ code: 'WRONG_STATE' });
      }
      expect(await disable(admin.api, admin.memberId)).toMatchObject({ code: 'WRONG_STATE' });
    });
  });
});

describe('the last owner', () => {
  test('cannot leave, nor be removed, disabled, lowered or restricted', async () => {
    await unchanged(async () => {
      expect(await remove(shop.owner, ownerId)).toMatchObject({
        code: 'WRONG_STATE',
        message: 'This is the last owner: transfer the ownership first.',
      });
      expect(await disable(shop.owner, ownerId)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await update(shop.owner, ownerId, { projectIds: [shop.projectId] })).toMatchObject({
        code: 'WRONG_STATE',
      });
    });
  });

  test('is left, however two owners go at each other and leave at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const duo = await openShop(kit, `one${round}@duo.example`, new Date(), 'Duo');
      const second = await join(kit, duo, `two${round}@duo.example`, { role: 'OWNER' });
      await stepUp(kit, second.email);
      await stepUp(kit, duo.email);
      const first = (await membersOf(duo.owner, duo.merchantId)).find(({ email }) => email === duo.email);
      const firstId = first?.id ?? '';
      await Promise.all([
        remove(duo.owner, firstId),
        remove(second.api, second.memberId),
        update(duo.owner, second.memberId, { role: 'VIEWER' }),
        update(second.api, firstId, { role: 'VIEWER' }),
        disable(duo.owner, second.memberId),
        disable(second.api, firstId),
        remove(duo.owner, second.memberId),
        remove(second.api, firstId),
      ]);
      const { rows } = await kit.database.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM member WHERE merchant_id = $1 AND role = 'OWNER' AND disabled_at IS NULL`,
        [rowIdOf(duo.merchantId)],
      );
      expect(rows[0]?.n).toBeGreaterThanOrEqual(1);
      await forgetAttempts(kit);
    }
  });
});

describe('a disabled member', () => {
  test('has no rights at once, in a session that goes on, until enabled again', async () => {
    const person = await join(kit, shop, 'off@shop.example', { role: 'DEVELOPER' });
    const invoices = () =>
      person.api.send(operations.InvoicesDocument, { projectId: shop.projectId, mode: 'TEST' });
    await invoices();
    expect(accepted(await disable(admin.api, person.memberId), 'Member').disabledAt).toMatch(/^20/);
    expect(await errorCodes(invoices())).toEqual(['INVALID_INPUT']);
    const { viewer } = await person.api.send(operations.OwnMembershipsDocument, {});
    expect(viewer).toEqual({ email: person.email, memberships: [] });
    const { projects } = await person.api.send(operations.ProjectsDocument, {});
    expect(projects.edges).toEqual([]);
    for (const id of [shop.merchantId, shop.projectId, person.memberId]) {
      expect((await person.api.send(operations.TeamNodeDocument, { id })).node).toBeNull();
    }
    await unchanged(async () => {
      expect(await disable(admin.api, person.memberId)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await remove(person.api, person.memberId)).toMatchObject({ code: 'NOT_FOUND' });
    });
    expect(accepted(await enable(admin.api, person.memberId), 'Member').disabledAt).toBeNull();
    await invoices();
    expect(await enable(admin.api, person.memberId)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await eventTypes(kit.database.pool, person.memberId)).toEqual([
      'member.joined',
      'member.disabled',
      'member.enabled',
    ]);
  });

  test('is disabled once, however many press at once', async () => {
    const person = await join(kit, shop, 'pressed@shop.example');
    const answers = await Promise.all(Array.from({ length: 10 }, () => disable(admin.api, person.memberId)));
    expect(answers.filter(({ __typename }) => __typename === 'Member')).toHaveLength(1);
    expect(await eventTypes(kit.database.pool, person.memberId)).toEqual([
      'member.joined',
      'member.disabled',
    ]);
  });
});

describe('leaving', () => {
  test('is everybody’s right; being removed is an admin’s doing', async () => {
    const person = await join(kit, shop, 'leaver@shop.example');
    const victim = await join(kit, shop, 'victim@shop.example');
    await unchanged(async () =>
      expect(await remove(person.api, victim.memberId)).toMatchObject({ code: 'NOT_FOUND' }),
    );
    expect(await remove(person.api, person.memberId)).toEqual({
      __typename: 'MemberRemovePayload',
      memberId: person.memberId,
    });
    accepted(await remove(admin.api, victim.memberId), 'MemberRemovePayload');
    for (const { api } of [person, victim]) {
      const { viewer } = await api.send(operations.OwnMembershipsDocument, {});
      expect(viewer.memberships).toEqual([]);
    }
    const emails = (await team()).map(({ email }) => email);
    expect(emails).not.toContain(person.email);
    expect(emails).not.toContain(victim.email);
    expect(await remove(admin.api, victim.memberId)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the ownership', () => {
  test('goes to another member, and its giver becomes an admin', async () => {
    const old = await openShop(kit, 'old@giving.example', new Date(), 'Giving');
    const heir = await join(kit, old, 'heir@giving.example', {
      role: 'SUPPORT',
      projectIds: [old.projectId],
    });
    await stepUp(kit, old.email);
    expect(accepted(await transfer(old.owner, heir.memberId), 'Member')).toMatchObject({
      role: 'OWNER',
      projectIds: null,
    });
    const members = await membersOf(old.owner, old.merchantId);
    expect(members.map(({ email, role }) => [email, role])).toEqual([
      [heir.email, 'OWNER'],
      [old.email, 'ADMIN'],
    ]);
    expect(await eventTypes(kit.database.pool, old.merchantId)).toContain('merchant.ownership_transferred');
    expect(await eventTypes(kit.database.pool, heir.memberId)).toEqual(['member.joined', 'member.changed']);
    // It is gone: the old owner cannot take it back.
    expect(await transfer(old.owner, heir.memberId)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('goes to one, however many it is given to at once', async () => {
    const old = await openShop(kit, 'old@racing.example', new Date(), 'Racing');
    const one = await join(kit, old, 'one@racing.example');
    const two = await join(kit, old, 'two@racing.example');
    await stepUp(kit, old.email);
    const heirs = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : two));
    const answers = await Promise.all(heirs.map(({ memberId }) => transfer(old.owner, memberId)));
    expect(answers.filter(({ __typename }) => __typename === 'Member')).toHaveLength(1);
    const roles = (await membersOf(old.owner, old.merchantId)).map(({ role }) => role);
    expect(roles.toSorted()).toEqual(['ADMIN', 'OWNER', 'VIEWER']);
  });

  test('goes to nobody who is disabled or an owner', async () => {
    const second = await join(kit, shop, 'second@shop.example', { role: 'OWNER' });
    expect(await transfer(shop.owner, second.memberId)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await transfer(shop.owner, ownerId)).toMatchObject({ code: 'WRONG_STATE' });
    accepted(await disable(shop.owner, support.memberId), 'Member');
    expect(await transfer(shop.owner, support.memberId)).toMatchObject({ code: 'WRONG_STATE' });
    accepted(await enable(shop.owner, support.memberId), 'Member');
    accepted(await remove(shop.owner, second.memberId), 'MemberRemovePayload');
  });
});
