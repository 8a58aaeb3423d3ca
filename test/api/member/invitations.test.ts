import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { dump, eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import {
  forgetAttempts,
  invitationToken,
  invite,
  join,
  membersOf,
  stepUp,
  TEAM_PASSWORD,
  tryAccept,
  tryInvite,
  tryJoin,
  type TeamPerson,
} from '../../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const WRITTEN = ['user', 'member', 'invitation', 'event', 'merchant'] as const;
const REFUSED_TOKEN = { __typename: 'InvalidTokenError', code: 'INVALID_TOKEN', path: ['input', 'token'] };

let shop: DemoMerchant;
let other: DemoMerchant;
let admin: TeamPerson;

beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'owner@shop.example');
  other = await openMerchant(kit.platform, 'boss@other.example', 'Other');
  admin = await join(kit, shop, 'admin@shop.example', { role: 'ADMIN' });
});
beforeEach(async () => {
  await forgetAttempts(kit);
  await stepUp(kit, shop.email);
});

async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const before = await rowCounts(kit.database.pool, WRITTEN);
  await work();
  expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
}

const revoke = async (api: DemoMerchant['owner'], invitationId: string) =>
  (await api.send(operations.InvitationRevokeDocument, { input: { invitationId } })).invitationRevoke;

describe('an invitation', () => {
  test('makes a new person a member with a confirmed account and no merchant of its own', async () => {
    const merchants = await rowCounts(kit.database.pool, ['merchant']);
    const invitation = await invite(shop.owner, shop.merchantId, ' New@Shop.example ', {
      role: 'SUPPORT',
      projectIds: [shop.projectId],
    });
    expect(invitation).toMatchObject({
      email: 'New@Shop.example',
      role: 'SUPPORT',
      projectIds: [shop.projectId],
      state: 'OPEN',
    });
    const token = invitationToken(invitation.id);
    expect(await tryJoin(kit.platform.api, token)).toEqual({
      __typename: 'InvitationSignUpPayload',
      email: 'New@Shop.example',
      merchantName: 'Corner Shop',
    });
    const api = kit.platform.api.as(await signIn(kit.platform, 'new@shop.example'));
    const { viewer } = await api.send(operations.OwnMembershipsDocument, {});
    expect(viewer.memberships).toEqual([
      expect.objectContaining({
        role: 'SUPPORT',
        projectIds: [shop.projectId],
        merchant: { id: shop.merchantId, name: 'Corner Shop' },
      }),
    ]);
    expect(await rowCounts(kit.database.pool, ['merchant'])).toEqual(merchants);
    const memberId = viewer.memberships[0]?.id ?? '';
    expect(await eventTypes(kit.database.pool, memberId)).toEqual(['member.joined']);
    await unchanged(async () => expect(await tryJoin(kit.platform.api, token)).toMatchObject(REFUSED_TOKEN));
  });

  test('makes a person with an account a member, whatever the case of the address', async () => {
    const person = await openMerchant(kit.platform, 'zoe@known.example', 'Zoe');
    const invitation = await invite(shop.owner, shop.merchantId, 'ZOE@known.example');
    const token = invitationToken(invitation.id);
    await unchanged(async () => {
      // An account is not taken over by whoever has the link.
      expect(await tryJoin(kit.platform.api, token)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await tryAccept(other.owner, token)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await errorCodes(tryAccept(kit.platform.api, token))).toEqual(['UNAUTHENTICATED']);
      expect(await errorCodes(tryAccept(shop.test, token))).toEqual(['FORBIDDEN']);
    });
    expect(await tryAccept(person.owner, token)).toMatchObject({
      __typename: 'InvitationAcceptPayload',
      merchantId: shop.merchantId,
      merchantName: 'Corner Shop',
      role: 'VIEWER',
    });
    const { viewer } = await person.owner.send(operations.OwnMembershipsDocument, {});
    expect(viewer.memberships.map(({ role }) => role)).toEqual(['OWNER', 'VIEWER']);
    await unchanged(async () => expect(await tryAccept(person.owner, token)).toMatchObject(REFUSED_TOKEN));
  });

  test('carries an account that a stranger began with the address to its owner', async () => {
    const email = 'grabbed@shop.example';
    const input = { email, password: 'chosen by a stranger', merchantName: 'Stranger', locale: 'en' };
    await kit.platform.api.send(operations.UserSignUpDocument, { input });
    const invitation = await invite(shop.owner, shop.merchantId, email);
    accepted(await tryJoin(kit.platform.api, invitationToken(invitation.id)), 'InvitationSignUpPayload');
    const refused = await kit.platform.api.send(operations.SessionCreateDocument, {
      input: { email, password: 'chosen by a stranger' },
    });
    expect(refused.sessionCreate).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await signIn(kit.platform, email)).toMatch(/^pbss_/);
  });

  test('is used once, however many try at once', async () => {
    const invitation = await invite(shop.owner, shop.merchantId, 'race@shop.example');
    const token = invitationToken(invitation.id);
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryJoin(kit.platform.api, token)));
    expect(answers.filter((answer) => answer.__typename === 'InvitationSignUpPayload')).toHaveLength(1);
    const members = await membersOf(shop.owner, shop.merchantId);
    expect(members.filter(({ email }) => email === 'race@shop.example')).toHaveLength(1);
  });

  test('is replaced by a newer one to the same address', async () => {
    const first = await invite(shop.owner, shop.merchantId, 'twice@shop.example');
    const second = await invite(shop.owner, shop.merchantId, 'Twice@shop.example', { role: 'SUPPORT' });
    expect(await tryJoin(kit.platform.api, invitationToken(first.id))).toMatchObject(REFUSED_TOKEN);
    expect(await eventTypes(kit.database.pool, first.id)).toEqual([
      'member.invited',
      'member.invitation_revoked',
    ]);
    accepted(await tryJoin(kit.platform.api, invitationToken(second.id)), 'InvitationSignUpPayload');
  });

  test('that was revoked or is seven days old opens nothing', async () => {
    const revoked = await invite(shop.owner, shop.merchantId, 'revoked@shop.example');
    expect(accepted(await revoke(admin.api, revoked.id), 'Invitation').state).toBe('REVOKED');
    expect(await revoke(admin.api, revoked.id)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await tryJoin(kit.platform.api, invitationToken(revoked.id))).toMatchObject(REFUSED_TOKEN);
    const { rows } = await kit.database.pool.query<{ expires_at: Date; created_at: Date }>(
      'SELECT expires_at, created_at FROM invitation WHERE id = $1',
      [rowIdOf(revoked.id)],
    );
    expect(Number(rows[0]?.expires_at) - Number(rows[0]?.created_at)).toBe(7 * 24 * 3_600_000);

    const old = await invite(shop.owner, shop.merchantId, 'old@shop.example');
    clock.advance({ hours: 7 * 24 });
    await unchanged(async () => {
      expect(await tryJoin(kit.platform.api, invitationToken(old.id))).toMatchObject(REFUSED_TOKEN);
    });
    const owner = kit.platform.api.as(await signIn(kit.platform, shop.email));
    expect(await revoke(owner, old.id)).toMatchObject({ code: 'WRONG_STATE' });
    // The sessions of this file are over by now.
    shop = { ...shop, owner };
    other = { ...other, owner: kit.platform.api.as(await signIn(kit.platform, other.email)) };
    admin = { ...admin, api: kit.platform.api.as(await signIn(kit.platform, admin.email)) };
  });

  test('of a guarded role asks for a step-up; of another it does not', async () => {
    await kit.database.pool.query('UPDATE session SET stepped_up_at = NULL');
    await unchanged(async () => {
      for (const role of ['OWNER', 'ADMIN', 'FINANCE', 'DEVELOPER'] as const) {
        expect(await tryInvite(shop.owner, shop.merchantId, 'guarded@shop.example', { role })).toMatchObject({
          code: 'STEP_UP_REQUIRED',
        });
      }
    });
    for (const role of ['SUPPORT', 'VIEWER'] as const) {
      await invite(shop.owner, shop.merchantId, `${role.toLowerCase()}@free.example`, { role });
    }
  });

  test('grants nothing above the role of the one who invites, nor touches such an offer', async () => {
    await stepUp(kit, admin.email);
    const heir = await invite(shop.owner, shop.merchantId, 'heir@shop.example', { role: 'OWNER' });
    await unchanged(async () => {
      const above = await tryInvite(admin.api, shop.merchantId, 'me-too@shop.example', { role: 'OWNER' });
      expect(above).toMatchObject({ code: 'WRONG_STATE' });
      expect(await revoke(admin.api, heir.id)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await tryInvite(admin.api, shop.merchantId, 'heir@shop.example')).toMatchObject({
        code: 'WRONG_STATE',
      });
    });
    await invite(admin.api, shop.merchantId, 'second@shop.example', { role: 'ADMIN' });
  });

  test('goes with the right of the one who made it', async () => {
    const person = await join(kit, shop, 'leaving@shop.example', { role: 'ADMIN' });
    const offer = await invite(person.api, shop.merchantId, 'by-leaving@shop.example');
    const { memberRemove } = await person.api.send(operations.MemberRemoveDocument, {
      input: { memberId: person.memberId },
    });
    accepted(memberRemove, 'MemberRemovePayload');
    expect(await tryJoin(kit.platform.api, invitationToken(offer.id))).toMatchObject(REFUSED_TOKEN);
    expect(await eventTypes(kit.database.pool, offer.id)).toContain('member.invitation_revoked');
  });

  test('goes to no member', async () => {
    await unchanged(async () =>
      expect(await tryInvite(shop.owner, shop.merchantId, 'ADMIN@shop.example')).toMatchObject({
        code: 'WRONG_STATE',
        path: ['input', 'email'],
      }),
    );
  });

  test('never makes an operator a member', async () => {
    const email = 'operator@gateway.example';
    const operator = await openMerchant(kit.platform, email, 'Own');
    const offer = await invite(shop.owner, shop.merchantId, email);
    const { rows } = await kit.database.pool.query<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [
      email,
    ]);
    const userId = rows[0]?.id;
    await kit.database.pool.query('DELETE FROM member WHERE user_id = $1', [userId]);
    await kit.database.pool.query(
      `INSERT INTO operator (user_id, role, created_at, disabled_at) VALUES ($1, 'SUPPORT', now(), now())`,
      [userId],
    );
    // A disabled operator signs in like everybody.
    await unchanged(async () =>
      expect(await tryAccept(operator.owner, invitationToken(offer.id))).toMatchObject({
        code: 'WRONG_STATE',
        message: 'An operator of the gateway cannot be a member of a merchant.',
      }),
    );
  });

  test.each<[string, Partial<operations.MemberInviteInput>, string]>([
    ['no address', { email: 'nobody' }, 'email'],
    ['a line break', { email: 'a@shop.example\r\nBcc: b@shop.example' }, 'email'],
    ['an address of 300 characters', { email: `${'a'.repeat(290)}@b.example` }, 'email'],
    [
      'a restricted admin',
      { role: 'ADMIN', projectIds: [globalIdOf('Project', crypto.randomUUID())] },
      'projectIds',
    ],
    ['no project at all', { projectIds: [] }, 'projectIds'],
    ['a project that is nowhere', { projectIds: [globalIdOf('Project', crypto.randomUUID())] }, 'projectIds'],
    [
      '101 projects',
      { projectIds: Array.from({ length: 101 }, () => globalIdOf('Project', crypto.randomUUID())) },
      'projectIds',
    ],
  ])('with %s is refused and writes nothing', async (_what, fault, field) => {
    await unchanged(async () =>
      expect(await tryInvite(shop.owner, shop.merchantId, 'fine@shop.example', fault)).toMatchObject({
        path: ['input', field],
      }),
    );
  });

  test('names no project of another merchant', async () => {
    await unchanged(async () =>
      expect(
        await tryInvite(shop.owner, shop.merchantId, 'fine@shop.example', { projectIds: [other.projectId] }),
      ).toMatchObject({ code: 'NOT_FOUND' }),
    );
  });

  test('cannot be sent, revoked or seen by who may not', async () => {
    const offer = await invite(shop.owner, shop.merchantId, 'secret@shop.example');
    const support = await join(kit, shop, 'support@shop.example', { role: 'SUPPORT' });
    await unchanged(async () => {
      for (const api of [other.owner, support.api]) {
        expect(await tryInvite(api, shop.merchantId, 'x@shop.example')).toMatchObject({
          code: 'NOT_FOUND',
          path: ['input', 'merchantId'],
        });
        expect(await revoke(api, offer.id)).toMatchObject({ code: 'NOT_FOUND' });
        expect(await revoke(api, globalIdOf('Invitation', crypto.randomUUID()))).toEqual(
          await revoke(api, offer.id),
        );
        const { node } = await api.send(operations.TeamNodeDocument, { id: offer.id });
        expect(node).toBeNull();
      }
    });
    expect(
      await errorCodes(support.api.send(operations.TeamDocument, { merchantId: shop.merchantId })),
    ).toEqual(expect.arrayContaining(['FORBIDDEN']));
    const { node } = await shop.owner.send(operations.TeamNodeDocument, { id: offer.id });
    expect(node).toMatchObject({ __typename: 'Invitation', id: offer.id });
  });

  test('is mailed to one address five times an hour at most, and leaves the password recovery alone', async () => {
    const email = 'flooded@shop.example';
    for (let i = 0; i < 5; i += 1) await invite(shop.owner, shop.merchantId, email);
    expect(await errorCodes(tryInvite(shop.owner, shop.merchantId, email))).toEqual(['RATE_LIMITED']);
  });

  test('is guessed a hundred times from one address, not more', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 100 }, (_, i) => tryJoin(kit.platform.api, `guess-${i}`)),
    );
    expect(new Set(guesses.map(({ __typename }) => __typename))).toEqual(new Set(['InvalidTokenError']));
    expect(await errorCodes(tryJoin(kit.platform.api, 'one more'))).toEqual(['RATE_LIMITED']);
    clock.advance({ seconds: 360 });
  });

  test.each([7, 257])('takes no password of %i characters', async (length) => {
    const password = 'p'.repeat(length);
    const offer = await invite(shop.owner, shop.merchantId, 'weak@shop.example');
    expect(await tryJoin(kit.platform.api, invitationToken(offer.id), password)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'password'],
    });
  });

  test('has a token that stands in no table', async () => {
    const token = invitationToken((await invite(shop.owner, shop.merchantId, 'dump@shop.example')).id);
    for (const [table, text] of Object.entries(await dump(kit.database.pool))) {
      expect(text, table).not.toContain(token);
      expect(text, table).not.toContain(Buffer.from(token).toString('hex'));
    }
  });
});

describe('the page behind the link', () => {
  const open = (token: string, headers: Record<string, string> = {}) =>
    fetch(`${kit.platform.url}/invitation?${new URLSearchParams({ token })}`, { headers });
  const press = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${kit.platform.url}/invitation`, { method: 'POST', body: new URLSearchParams(fields), headers });

  test('takes a password from a new person, and changes nothing by being opened', async () => {
    const offer = await invite(shop.owner, shop.merchantId, 'page@shop.example');
    const token = invitationToken(offer.id);
    await unchanged(async () => {
      const opened = await open(token);
      expect(opened.status).toBe(200);
      expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
      const html = await opened.text();
      expect(html).toContain('type="password"');
      expect(html).toContain('Corner Shop');
      const weak = await press({ token, password: 'short' });
      expect([weak.status, await weak.text()]).toEqual([422, expect.stringContaining('A password has')]);
    });
    const joined = await press({ token, password: TEAM_PASSWORD });
    expect([joined.status, await joined.text()]).toEqual([
      200,
      expect.stringContaining('You are a member now'),
    ]);
    expect(await signIn(kit.platform, 'page@shop.example')).toMatch(/^pbss_/);
    expect((await press({ token, password: TEAM_PASSWORD })).status).toBe(410);
  });

  test('takes a button from a signed-in person with the address, and from nobody else', async () => {
    const person = await openMerchant(kit.platform, 'paul@known.example', 'Paul');
    const token = invitationToken((await invite(shop.owner, shop.merchantId, person.email)).id);
    const cookie = { cookie: `paybell_session=${person.sessionToken}` };
    const stranger = await signIn(kit.platform, other.email);
    await unchanged(async () => {
      expect(await (await open(token)).text()).toContain('Sign in as paul@known.example');
      expect((await press({ token })).status).toBe(200);
      const strangers = await press({ token }, { cookie: `paybell_session=${stranger}` });
      expect(strangers.status).toBe(422);
      expect((await press({ token, password: TEAM_PASSWORD }, cookie)).status).toBe(422);
    });
    expect(await (await open(token, cookie)).text()).toContain('Accept');
    expect(await (await press({ token }, cookie)).text()).toContain('You are a member now');
  });

  test('writes a hostile name as text', async () => {
    const hostile = await openMerchant(kit.platform, 'hostile@shop.example', '<script>alert(1)</script>');
    const offer = await invite(hostile.owner, hostile.merchantId, 'victim@shop.example');
    const html = await (await open(invitationToken(offer.id))).text();
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
  });

  test.each([
    ['nothing', ''],
    ['markup', '"><script>'],
    ['5,000 characters', 'x'.repeat(5000)],
    ['an unknown token', 'unknown-token-of-some-length'],
  ])('with %s is not valid', async (_what, token) => {
    const response = await open(token);
    expect(response.status).toBe(410);
    expect(await response.text()).not.toMatch(/<script|xxxx/);
  });
});
