import { v7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';
import * as operations from '../../../src/generated/documents.ts';
import { newEvent, writeEvents } from '../../bus/bus-fixture.ts';
import { everythingTold, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { openOperator } from '../../testkit/operator.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';

const kit = usePlatform();
let shop: DemoMerchant;
let ownerId: string;
let merchantId: string;

/** Writes events as other parts of the gateway do, and waits until the relay has passed them. */
async function happened(...events: NewEvent[]): Promise<void> {
  await writeEvents(kit.database.pool, ...events);
  // Signing in wakes the readers of the events.
  await signIn(kit.platform, 'other@shop.example');
  await everythingTold(kit.database.pool);
}

const about = (changes: Partial<NewEvent>): NewEvent =>
  newEvent({ mode: null, subject: { type: 'USER', id: ownerId }, ...changes });

beforeAll(async () => {
  await openMerchant(kit.platform, 'other@shop.example');
  shop = await openMerchant(kit.platform, 'owner@shop.example');
  merchantId = rowIdOf(shop.merchantId);
  const { viewer } = await shop.owner.send(operations.AuditActivityDocument, {});
  ownerId = rowIdOf(viewer.id);
});

/** A member of the shop, signed in. */
async function member(role: string, projectIds: readonly string[] | null = null): Promise<ApiClient> {
  const { pool } = kit.database;
  const userId = await insertUser(pool, `${role.toLowerCase()}-${v7()}@shop.example`);
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, restricted, project_ids, created_at)
     VALUES ($1, $2, $3, $4::"Role", $5, $6, now())`,
    [v7(), merchantId, userId, role, projectIds !== null, projectIds ?? []],
  );
  return kit.platform.api.as((await insertSession(pool, userId)).token);
}

const activityOf = async (api: ApiClient, page: operations.AuditActivityQueryVariables = { first: 100 }) =>
  (await api.send(operations.AuditActivityDocument, page)).viewer.activity;
const loginsOf = async (api: ApiClient, first = 100) =>
  (await api.send(operations.AuditLoginHistoryDocument, { first })).viewer.loginHistory.edges.map(
    ({ node }) => node,
  );
async function merchantLog(api: ApiClient, id = shop.merchantId) {
  const { node } = await api.send(operations.AuditOfMerchantDocument, { id, first: 100 });
  return node?.__typename === 'Merchant' ? node.auditLog.edges.map((edge) => edge.node) : null;
}
const wholeLog = async (api: ApiClient, filter: { userId?: string; merchantId?: string } = {}) =>
  (await api.send(operations.AuditOfAllDocument, { first: 100, ...filter })).auditLog.edges.map(
    ({ node }) => node,
  );

describe('the login history', () => {
  test('tells when, from where, with what and what came of it, newest first', async () => {
    const refused = (reason: string) =>
      about({
        type: 'session.refused',
        actor: { type: 'ANONYMOUS', id: null },
        data: { reason, ip: '198.51.100.7', device: 'Chrome on Windows' },
      });
    await happened(
      ...['WRONG_PASSWORD', 'WRONG_CODE', 'EMAIL_NOT_CONFIRMED', 'RATE_LIMITED', 'STRUCK_BY_LIGHTNING'].map(
        refused,
      ),
    );
    const logins = await loginsOf(shop.owner);
    expect(logins.map(({ result }) => result)).toEqual([
      'REFUSED',
      'RATE_LIMITED',
      'EMAIL_NOT_CONFIRMED',
      'WRONG_CODE',
      'WRONG_PASSWORD',
      'SUCCEEDED',
    ]);
    expect(logins[0]).toMatchObject({ ip: '198.51.100.7', device: 'Chrome on Windows' });
    expect(logins.at(-1)).toMatchObject({ ip: '127.0.0.1', device: 'node' });
  });

  test('is paged by cursor over both kinds', async () => {
    const all = await loginsOf(shop.owner);
    const pages: unknown[] = [];
    let after: string | null = null;
    do {
      const { viewer }: operations.AuditLoginHistoryQuery = await shop.owner.send(
        operations.AuditLoginHistoryDocument,
        { first: 4, after },
      );
      pages.push(...viewer.loginHistory.edges.map(({ node }) => node));
      after = viewer.loginHistory.pageInfo.hasNextPage ? viewer.loginHistory.pageInfo.endCursor : null;
    } while (after !== null);
    expect(pages).toEqual(all);
  });
});

describe('the activity of a person', () => {
  test('is what concerns the account and what the person did', async () => {
    await everythingTold(kit.database.pool);
    const types = (await activityOf(shop.owner)).edges.map(({ node }) => node.type);
    expect(types).toEqual(
      expect.arrayContaining(['USER_SIGNED_UP', 'SESSION_CREATED', 'PROJECT_CREATED', 'API_KEY_CREATED']),
    );
    const other = kit.platform.api.as(await signIn(kit.platform, 'other@shop.example'));
    for (const { node } of (await activityOf(other)).edges) expect(node.actorEmail).not.toBe(shop.email);
  });

  test('pages forward and back the same entries, and refuses a cursor of another list', async () => {
    const whole = await activityOf(shop.owner);
    const cursors = whole.edges.map(({ cursor }) => cursor);
    const forward = await activityOf(shop.owner, { first: 3, after: cursors[1] });
    expect(forward.edges.map(({ cursor }) => cursor)).toEqual(cursors.slice(2, 5));
    const back = await activityOf(shop.owner, { last: 2, before: cursors[4] });
    expect(back.edges.map(({ cursor }) => cursor)).toEqual(cursors.slice(2, 4));
    const end = await activityOf(shop.owner, { first: 5, after: cursors.at(-1) });
    expect(end).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
    const foreign = shop.owner.send(operations.AuditOfMerchantDocument, {
      id: shop.merchantId,
      after: cursors[0],
    });
    expect(await errorCodes(foreign)).toEqual(['INVALID_INPUT']);
    for (const after of [
      '',
      'x',
      Buffer.from(`1.${'9'.repeat(30)}.abcdefgh`).toString('base64url'),
      '\u0000',
    ])
      expect(await errorCodes(activityOf(shop.owner, { first: 1, after })), after).toEqual(['INVALID_INPUT']);
    for (const first of [0, 101, -1])
      expect(await errorCodes(activityOf(shop.owner, { first }))).toEqual(['INVALID_INPUT']);
  });

  test('shows another’s address only to whom it belongs', async () => {
    const { userId } = await openOperator(kit.platform, kit.database, 'SUPPORT');
    await happened(
      about({
        type: 'user.two_factor_reset_decided',
        actor: { type: 'OPERATOR', id: userId, ip: '203.0.113.9', device: 'Safari on macOS' },
        data: { requestId: v7(), decision: 'REJECTED', answer: 'No.' },
      }),
    );
    const [newest] = (await activityOf(shop.owner, { first: 1 })).edges;
    expect(newest?.node).toMatchObject({
      type: 'USER_TWO_FACTOR_RESET_DECIDED',
      actorType: 'OPERATOR',
      actorId: null,
      actorEmail: null,
      ip: null,
      device: null,
    });
  });
});

describe('the audit log of a merchant', () => {
  test('tells its owner and admins who did what, and from where', async () => {
    await everythingTold(kit.database.pool);
    const entries = (await merchantLog(shop.owner)) ?? [];
    const key = entries.find(({ type }) => type === 'API_KEY_CREATED');
    expect(key).toMatchObject({
      actorType: 'USER',
      actorId: globalIdOf('User', ownerId),
      actorEmail: shop.email,
      ip: '127.0.0.1',
      device: 'node',
    });
    expect(rowIdOf(key?.subjectId ?? '')).toMatch(/^[0-9a-f-]{36}$/);
    expect(entries.map(({ type }) => type)).not.toContain('SESSION_CREATED');
    expect(await merchantLog(await member('ADMIN'))).toEqual(entries);
  });

  test.each(['FINANCE', 'DEVELOPER', 'SUPPORT', 'VIEWER'])('is closed to the role %s', async (role) => {
    expect(await errorCodes(merchantLog(await member(role)))).toEqual(['FORBIDDEN']);
  });

  test('is closed to an admin of some projects, API keys, strangers and operators', async () => {
    const restricted = await member('ADMIN', [rowIdOf(shop.projectId)]);
    expect(await errorCodes(merchantLog(restricted))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(merchantLog(shop.test))).toEqual(['FORBIDDEN']);
    const stranger = kit.platform.api.as(await signIn(kit.platform, 'other@shop.example'));
    expect(await merchantLog(stranger)).toBeNull();
    const operator = await openOperator(kit.platform, kit.database, 'ADMIN');
    expect(await merchantLog(operator.api)).toBeNull();
  });
});

describe('the log of the gateway', () => {
  test('is for operators with that right and a second factor', async () => {
    const { api: admin } = await openOperator(kit.platform, kit.database, 'ADMIN');
    const all = await wholeLog(admin);
    expect(all.length).toBeGreaterThan(10);
    for (const entry of await wholeLog(admin, { merchantId: shop.merchantId }))
      expect(entry.type).not.toBe('SESSION_CREATED');
    const ofOwner = await wholeLog(admin, { userId: globalIdOf('User', ownerId) });
    expect(ofOwner.find(({ actorType }) => actorType === 'OPERATOR')).toMatchObject({ ip: '203.0.113.9' });
    const both = await wholeLog(admin, { merchantId: shop.merchantId, userId: globalIdOf('User', ownerId) });
    expect(both.map(({ type }) => type)).toContain('API_KEY_CREATED');
    const nobodys = await wholeLog(admin, { userId: globalIdOf('User', v7()) });
    expect(nobodys).toEqual([]);

    for (const role of ['MODERATOR', 'SUPPORT'] as const) {
      const { api } = await openOperator(kit.platform, kit.database, role);
      expect(await errorCodes(wholeLog(api))).toEqual(['FORBIDDEN']);
    }
    const weak = await openOperator(kit.platform, kit.database, 'ADMIN', { secondFactorAt: null });
    expect(await errorCodes(wholeLog(weak.api))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(wholeLog(shop.owner))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(wholeLog(shop.test))).toEqual(['FORBIDDEN']);
    expect(await errorCodes(wholeLog(kit.platform.api))).toEqual(['UNAUTHENTICATED']);
    expect(await errorCodes(wholeLog(admin, { userId: shop.merchantId }))).toEqual(['INVALID_INPUT']);
  });
});
