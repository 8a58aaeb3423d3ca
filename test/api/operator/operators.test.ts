import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openOperator, type TestOperator } from '../../testkit/operator.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';

const kit = usePlatform();
const WRITTEN = ['user', 'user_token', 'operator', 'member', 'session', 'event'] as const;
const NO_SECOND_FACTOR = { secondFactorAt: null };

let admin: TestOperator;
beforeEach(async () => {
  // The rules about the last ADMIN want to know who the others are.
  await kit.database.pool.query('UPDATE operator SET disabled_at = now() WHERE disabled_at IS NULL');
  admin = await openOperator(kit.platform, kit.database, 'ADMIN');
});

const create = async (api: ApiClient, email: string, role: operations.OperatorRole = 'SUPPORT') =>
  (await api.send(operations.OperatorCreateDocument, { input: { email, role } })).operatorCreate;
const update = async (api: ApiClient, operatorId: string, role: operations.OperatorRole) =>
  (await api.send(operations.OperatorUpdateDocument, { input: { operatorId, role } })).operatorUpdate;
const disable = async (api: ApiClient, operatorId: string) =>
  (await api.send(operations.OperatorDisableDocument, { input: { operatorId } })).operatorDisable;
const viewerOf = async (api: ApiClient) => (await api.send(operations.ViewerOperatorDocument, {})).viewer;

interface EventRow {
  readonly type: string;
  readonly actor: { readonly type: string; readonly id: string | null };
  readonly data: Readonly<Record<string, unknown>>;
}
async function eventsOf(userId: string): Promise<EventRow[]> {
  const { rows } = await kit.database.pool.query<EventRow>(
    'SELECT type, actor, data FROM event WHERE subject_id = $1 ORDER BY txid, seq',
    [userId],
  );
  return rows;
}

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await rowCounts(kit.database.pool, WRITTEN);
  await work();
  expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
}

describe('a new operator', () => {
  test('who is new here gets a link for the password, which stands in no table', async () => {
    const made = accepted(await create(admin.api, ' New.Operator@gateway.example '), 'Operator');
    expect(made).toMatchObject({
      email: 'New.Operator@gateway.example',
      role: 'SUPPORT',
      rights: [
        'TWO_FACTOR_RESET',
        'CURRENCY_DECIDE',
        'NETWORK_READ',
        'TRANSFER_READ',
        'FEE_READ',
        'DELIVERY_READ',
      ],
      twoFactorEnabled: false,
      disabledAt: null,
    });
    const userId = rowIdOf(made.id);
    const [created, link, ...rest] = await eventsOf(userId);
    expect(rest).toEqual([]);
    expect(created).toMatchObject({
      type: 'operator.created',
      actor: { type: 'OPERATOR', id: admin.userId },
      data: { email: 'New.Operator@gateway.example', role: 'SUPPORT' },
    });
    expect(link?.type).toBe('user.password_reset_requested');
    const { rows } = await kit.database.pool.query(
      `SELECT t.purpose, t.used_at, t.expires_at - t.created_at = interval '24 hours' AS day, u.email_key
       FROM user_token t JOIN "user" u ON u.id = t.user_id WHERE t.id = $1 AND u.id = $2`,
      [link?.data['tokenId'], userId],
    );
    const email_key = 'new.operator@gateway.example';
    expect(rows).toEqual([{ purpose: 'PASSWORD_RESET', used_at: null, day: true, email_key }]);
    // The hash kept for the password is of one that nobody knows: the empty one does not open it either.
    const signIn = { email: email_key, password: '' };
    const { sessionCreate } = await kit.platform.api.send(operations.SessionCreateDocument, {
      input: signIn,
    });
    expect(sessionCreate).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('may be a person without merchants, who keeps the password and gets no link', async () => {
    const userId = await insertUser(kit.database.pool, 'promoted@gateway.example');
    const { token } = await insertSession(kit.database.pool, userId);
    expect(await viewerOf(kit.platform.api.as(token))).toMatchObject({ operator: null });
    accepted(await create(admin.api, 'Promoted@Gateway.example', 'MODERATOR'), 'Operator');
    expect((await eventsOf(userId)).map(({ type }) => type)).toEqual(['operator.created']);
    expect(await viewerOf(kit.platform.api.as(token))).toMatchObject({
      operator: { role: 'MODERATOR', rights: ['PROJECT_MODERATE', 'PAYOUT_SETTLE'] },
      memberships: [],
    });
  });

  test('is never somebody who works for a merchant, and the other way round', async () => {
    const merchant = await openMerchant(kit.platform, 'ada@shop.example');
    await unchanged(async () => {
      expect(await create(admin.api, 'ada@shop.example')).toMatchObject({
        __typename: 'WrongStateError',
        path: ['input', 'email'],
      });
    });
    const { viewer } = await merchant.owner.send(operations.ViewerDocument, {});
    const insertOperator = kit.database.pool.query(
      `INSERT INTO operator (user_id, role, created_at) VALUES ($1, 'SUPPORT', now())`,
      [rowIdOf(viewer.id)],
    );
    await expect(insertOperator).rejects.toMatchObject({ constraint: 'operator_is_no_member' });
    for (const { userId } of [admin, await openOperator(kit.platform, kit.database, 'SUPPORT')]) {
      const insertMember = kit.database.pool.query(
        `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, 'VIEWER', now())`,
        [crypto.randomUUID(), rowIdOf(merchant.merchantId), userId],
      );
      await expect(insertMember).rejects.toMatchObject({ constraint: 'operator_is_no_member' });
    }
    const moved = kit.database.pool.query('UPDATE member SET user_id = $1 WHERE user_id = $2', [
      admin.userId,
      rowIdOf(viewer.id),
    ]);
    await expect(moved).rejects.toMatchObject({ constraint: 'operator_is_no_member' });
  });

  test('and a new member at the same time are never one person', async () => {
    const { merchantId } = await openMerchant(kit.platform, 'race@shop.example');
    for (let round = 0; round < 10; round += 1) {
      const email = `racer-${round}@gateway.example`;
      const userId = await insertUser(kit.database.pool, email);
      const joined = kit.database.pool
        .query(
          `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, 'VIEWER', now())`,
          [crypto.randomUUID(), rowIdOf(merchantId), userId],
        )
        .then(
          () => 1,
          () => 0,
        );
      const promoted = create(admin.api, email).then((answer) => (answer.__typename === 'Operator' ? 1 : 0));
      expect((await joined) + (await promoted), email).toBe(1);
    }
  });

  test('is told of a membership that somebody else is just making', async () => {
    const { merchantId } = await openMerchant(kit.platform, 'slow@shop.example');
    const { pool } = kit.database;
    const userId = await insertUser(pool, 'slow-joiner@gateway.example');
    const joining = await pool.connect();
    try {
      await joining.query('BEGIN');
      await joining.query(
        `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, 'VIEWER', now())`,
        [crypto.randomUUID(), rowIdOf(merchantId), userId],
      );
      const promoted = create(admin.api, 'slow-joiner@gateway.example');
      const waits = async () => (await pool.query('SELECT FROM pg_locks WHERE NOT granted')).rows.length > 0;
      await expect.poll(waits, { timeout: 10_000 }).toBe(true);
      await joining.query('COMMIT');
      expect(await promoted).toMatchObject({ __typename: 'WrongStateError', path: ['input', 'email'] });
    } finally {
      joining.release();
    }
  });

  test('is made once by ten requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => create(admin.api, 'once@gateway.example')),
    );
    const names = answers.map(({ __typename }) => __typename).toSorted();
    expect(names).toEqual(['Operator', ...Array<string>(9).fill('WrongStateError')]);
  });

  test.each([
    '',
    'no address',
    'a@b',
    'x@gateway.example\r\nBcc: all@x.example',
    `${'x'.repeat(300)}@a.example`,
  ])('is not made of the address %j', async (email) => {
    await unchanged(async () => {
      expect(await create(admin.api, email)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'email'],
      });
    });
  });
});

describe('managing operators', () => {
  test('changes the role at once, and once more changes nothing', async () => {
    const other = await openOperator(kit.platform, kit.database, 'SUPPORT');
    expect(accepted(await update(admin.api, other.id, 'ADMIN'), 'Operator')).toMatchObject({ role: 'ADMIN' });
    expect((await other.api.send(operations.OperatorsDocument, {})).operators.edges.length).toBeGreaterThan(
      1,
    );
    accepted(await update(other.api, admin.id, 'MODERATOR'), 'Operator');
    expect(await errorCodes(admin.api.send(operations.OperatorsDocument, {}))).toEqual(['FORBIDDEN']);
    await unchanged(async () => {
      accepted(await update(other.api, admin.id, 'MODERATOR'), 'Operator');
    });
    expect(await eventsOf(admin.userId)).toMatchObject([
      { type: 'operator.changed', data: { email: admin.email, role: 'MODERATOR', previousRole: 'ADMIN' } },
    ]);
  });

  test('disables one: rights and sessions are gone; operatorCreate brings the rights back', async () => {
    const other = await openOperator(kit.platform, kit.database, 'ADMIN');
    const second = await insertSession(kit.database.pool, other.userId);
    const disabled = accepted(await disable(admin.api, other.id), 'Operator');
    expect(disabled.disabledAt).not.toBeNull();
    expect(await errorCodes(viewerOf(other.api))).toEqual(['UNAUTHENTICATED']);
    expect(await errorCodes(viewerOf(kit.platform.api.as(second.token)))).toEqual(['UNAUTHENTICATED']);
    const [told, ...ended] = await eventsOf(other.userId);
    expect(told).toMatchObject({ type: 'operator.disabled', data: { email: other.email, role: 'ADMIN' } });
    expect(ended.map(({ type, data }) => [type, data['reason']])).toEqual([
      ['session.ended', 'OPERATOR_DISABLED'],
      ['session.ended', 'OPERATOR_DISABLED'],
    ]);
    await unchanged(async () => {
      expect(await disable(admin.api, other.id)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await update(admin.api, other.id, 'SUPPORT')).toMatchObject({ code: 'WRONG_STATE' });
    });
    const { token } = await insertSession(kit.database.pool, other.userId);
    expect(await viewerOf(kit.platform.api.as(token))).toMatchObject({ operator: null });
    expect(accepted(await create(admin.api, other.email, 'SUPPORT'), 'Operator')).toMatchObject({
      id: other.id,
      disabledAt: null,
    });
    expect(await viewerOf(kit.platform.api.as(token))).toMatchObject({ operator: { role: 'SUPPORT' } });
  });

  test('never leaves the gateway without an ADMIN', async () => {
    await openOperator(kit.platform, kit.database, 'MODERATOR');
    await unchanged(async () => {
      for (const answer of [
        await disable(admin.api, admin.id),
        await update(admin.api, admin.id, 'SUPPORT'),
      ]) {
        expect(answer).toMatchObject({ code: 'WRONG_STATE', message: expect.stringContaining('last ADMIN') });
      }
    });
  });

  test('never does so by two at once either', async () => {
    for (let round = 0; round < 5; round += 1) {
      await kit.database.pool.query('UPDATE operator SET disabled_at = now() WHERE disabled_at IS NULL');
      const [one, two] = [
        await openOperator(kit.platform, kit.database, 'ADMIN'),
        await openOperator(kit.platform, kit.database, 'ADMIN'),
      ];
      // The one who loses may have lost the right, or the session, before the answer.
      await Promise.allSettled([disable(one.api, two.id), update(two.api, one.id, 'SUPPORT')]);
      const { rows } = await kit.database.pool.query(
        `SELECT 1 FROM operator WHERE role = 'ADMIN' AND disabled_at IS NULL`,
      );
      expect(rows).toHaveLength(1);
    }
  });

  test('asks for the second factor, the right and a step-up, in this order, and writes nothing without', async () => {
    const target = await openOperator(kit.platform, kit.database, 'SUPPORT');
    const refused = {
      'an ADMIN without second factor': await openOperator(
        kit.platform,
        kit.database,
        'ADMIN',
        NO_SECOND_FACTOR,
      ),
      'a MODERATOR': await openOperator(kit.platform, kit.database, 'MODERATOR'),
      SUPPORT: await openOperator(kit.platform, kit.database, 'SUPPORT'),
    };
    const stale = await openOperator(kit.platform, kit.database, 'ADMIN', {
      steppedUpAt: new Date(Date.now() - 10 * 60_000),
    });
    await unchanged(async () => {
      for (const [who, { api }] of Object.entries(refused)) {
        expect(await errorCodes(create(api, 'x@gateway.example')), who).toEqual(['FORBIDDEN']);
        expect(await errorCodes(update(api, target.id, 'ADMIN')), who).toEqual(['FORBIDDEN']);
        expect(await errorCodes(disable(api, target.id)), who).toEqual(['FORBIDDEN']);
        expect(await errorCodes(api.send(operations.OperatorsDocument, {})), who).toEqual(['FORBIDDEN']);
      }
      expect(await create(stale.api, 'no address')).toMatchObject({ code: 'INVALID_INPUT' });
      for (const answer of [
        await create(stale.api, 'x@gateway.example'),
        await update(stale.api, target.id, 'ADMIN'),
        await disable(stale.api, target.id),
      ]) {
        expect(answer).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      }
    });
  });

  test('lists them newest first, page by page', async () => {
    const newest = await openOperator(kit.platform, kit.database, 'SUPPORT', {
      at: new Date(Date.now() + 1_000),
    });
    const first = await admin.api.send(operations.OperatorsDocument, { first: 1 });
    expect(first.operators.edges.map(({ node }) => node.id)).toEqual([newest.id]);
    const after = first.operators.pageInfo.endCursor;
    const second = await admin.api.send(operations.OperatorsDocument, { first: 1, after });
    expect(second.operators.edges[0]?.node.id).not.toBe(newest.id);
    const foreign = Buffer.from('GPC:S:nonsense').toString('base64');
    expect(await errorCodes(admin.api.send(operations.OperatorsDocument, { after: foreign }))).toEqual([
      'INVALID_INPUT',
    ]);
  });

  test('takes no id of another kind of thing for an operator', async () => {
    const { projectId } = await openMerchant(kit.platform, 'kind@shop.example');
    for (const id of [projectId, 'nonsense', '']) {
      expect(await disable(admin.api, id)).toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});
