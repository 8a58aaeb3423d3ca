import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { newest, sentTokens } from '../../testkit/sent-secrets.ts';
import { onlyWinner, PASSWORD, people, times } from './people.ts';

const NEW = 'a horse of another colour';
const INVALID_LINK = { __typename: 'InvalidTokenError', code: 'INVALID_TOKEN', path: ['input', 'token'] };
const WRITTEN = ['user', 'user_token', 'session', 'withdrawal_hold', 'event'] as const;

const clock = createMovableClock();
const kit = usePlatform({ env: { TRUSTED_PROXIES: '127.0.0.1' }, overrides: { clock } });
const shop = people(kit);
const counts = () => rowCounts(kit.database.pool, WRITTEN);

async function resetLink(email: string): Promise<string> {
  accepted(await shop.requestReset(email), 'PasswordResetRequestPayload');
  return newest(await shop.resetLinks(email));
}

describe('a forgotten password', () => {
  const email = 'ada@shop.example';
  beforeAll(() => shop.join(email));

  test('is replaced by the link: all sessions end, payouts wait, the authenticator stays', async () => {
    const { pool } = kit.database;
    const sessions = [await shop.signIn(email), await shop.signIn(email)];
    await pool.query(
      `INSERT INTO totp (user_id, sealed_secret, created_at, enabled_at, last_step)
       SELECT id, '\\x00', $2, $2, 7 FROM "user" WHERE email = $1`,
      [email, clock.now()],
    );
    const before = await pool.query('SELECT * FROM totp');
    const link = await resetLink(email);
    expect(await shop.reset(link, NEW)).toEqual({ __typename: 'PasswordResetPayload', reset: true });

    for (const session of sessions) expect(await shop.isSignedIn(session)).toBe(false);
    expect((await pool.query('SELECT * FROM totp')).rows).toEqual(before.rows);
    await pool.query('DELETE FROM totp');
    expect(await shop.trySignIn(email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await shop.isSignedIn(await shop.signIn(email, NEW))).toBe(true);
    expect(await shop.holds(email)).toEqual({ person: ['PASSWORD_RESET'], merchants: ['PASSWORD_RESET'] });
    const events = await shop.eventsOf(email);
    expect(events.filter(({ type }) => type === 'user.password_reset')).toEqual([
      { type: 'user.password_reset', data: {} },
    ]);
    const ended = events.filter(({ type }) => type === 'session.ended');
    expect(ended.map(({ data }) => data['reason'])).toEqual(['PASSWORD_RESET', 'PASSWORD_RESET']);
    expect(new Set(ended.map(({ data }) => data['sessionId'])).size).toBe(2);
  });

  test('is asked for with the same answer whether or not the address has an account', async () => {
    await shop.signUp('unconfirmed@shop.example');
    for (const [address, written] of [
      [email, 1],
      [' ADA@Shop.Example ', 1],
      ['nobody@shop.example', 0],
      ['unconfirmed@shop.example', 0],
    ] as const) {
      const before = await counts();
      expect(await shop.requestReset(address)).toEqual({
        __typename: 'PasswordResetRequestPayload',
        email: address.trim(),
      });
      const after = await counts();
      expect(after, address).toEqual({
        ...before,
        user_token: (before['user_token'] ?? 0) + 1,
        event: (before['event'] ?? 0) + written,
      });
    }
    expect(await shop.resetLinks('unconfirmed@shop.example')).toEqual([]);
  });

  test.each(['', 'no address', 'ada@shop.example, eve@shop.example', `${'a'.repeat(300)}@shop.example`])(
    'is not asked for with %j',
    async (address) => {
      const before = await counts();
      expect(await shop.requestReset(address)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'email'],
      });
      expect(await counts()).toEqual(before);
    },
  );
});

describe('the link', () => {
  const email = 'ben@shop.example';
  beforeAll(() => shop.join(email));

  test('sets nothing that the policy refuses, and is not used by that', async () => {
    const link = await resetLink(email);
    const before = await counts();
    for (const weak of ['short', 'Password1', 'ben@shop.example', 'Corner-Shop 1', 'x'.repeat(300_000)]) {
      expect(await shop.reset(link, weak)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'password'],
      });
    }
    expect(await counts()).toEqual(before);
    expect(await shop.reset(link, PASSWORD)).toMatchObject({ reset: true });
  });

  test('works once, also when ten use it at once', async () => {
    const link = await resetLink(email);
    const passwords = Array.from({ length: 10 }, (_, i) => `a horse of colour number ${i}`);
    const answers = await times(10, async (i) => ({
      ...(await shop.reset(link, passwords[i] ?? '')),
      password: passwords[i] ?? '',
    }));
    const winner = onlyWinner(answers, 'PasswordResetPayload');
    for (const answer of answers) if (answer !== winner) expect(answer).toMatchObject(INVALID_LINK);
    await shop.signIn(email, winner.password);
    expect(await shop.reset(link, NEW)).toMatchObject(INVALID_LINK);
  });

  test('takes all other links with it, also when they are used at once', async () => {
    clock.advance({ hours: 1 });
    await times(4, () => shop.requestReset(email));
    const links = (await shop.resetLinks(email)).slice(-4);
    const answers = await times(4, (i) => shop.reset(links[i] ?? '', NEW));
    onlyWinner(answers, 'PasswordResetPayload');
    for (const link of links) expect(await shop.reset(link, PASSWORD)).toMatchObject(INVALID_LINK);
  });

  test('ends after 60 minutes', async () => {
    clock.advance({ hours: 1 });
    const [early, late] = [await resetLink(email), await resetLink(email)];
    clock.advance({ seconds: 59 * 60 });
    expect(await shop.reset(early, PASSWORD)).toMatchObject({ reset: true });
    clock.advance({ hours: 1 });
    const last = await resetLink(email);
    clock.advance({ seconds: 60 * 60 });
    for (const link of [late, last]) expect(await shop.reset(link, NEW)).toMatchObject(INVALID_LINK);
    await shop.signIn(email, PASSWORD);
  });

  test('is no other secret, and no other secret is one', async () => {
    clock.advance({ hours: 1 });
    await shop.signUp('cleo@shop.example');
    const confirmation = newest(await sentTokens(kit.database.pool, 'user.signed_up', 'cleo@shop.example'));
    const link = await resetLink(email);
    await shop.requestReset('nobody@shop.example');
    for (const token of ['', 'made-up', confirmation, link.toUpperCase(), ` ${link}`, `${link}=`])
      expect(await shop.reset(token, NEW)).toMatchObject(INVALID_LINK);
    expect(await shop.confirm(link)).toMatchObject(INVALID_LINK);
    expect(await shop.reset(link, PASSWORD)).toMatchObject({ reset: true });
  });
});

describe('the page behind the link', () => {
  const post = (form: Record<string, string>) =>
    fetch(`${kit.platform.url}/password-reset`, { method: 'POST', body: new URLSearchParams(form) });

  test('sets the password by its form, once, and not by being opened', async () => {
    await shop.join('dora@shop.example');
    const token = await resetLink('dora@shop.example');
    const opened = await fetch(`${kit.platform.url}/password-reset?token=${token}`);
    expect([opened.status, await opened.text()]).toEqual([200, expect.stringContaining(`value="${token}"`)]);
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(opened.headers.get('referrer-policy')).toBe('no-referrer');

    const weak = await post({ token, password: 'password1' });
    expect([weak.status, await weak.text()]).toEqual([422, expect.stringContaining('Many people use')]);
    const set = await post({ token, password: NEW });
    expect([set.status, await set.text()]).toEqual([200, expect.stringContaining('password is set')]);
    expect((await post({ token, password: PASSWORD })).status).toBe(410);
    await shop.signIn('dora@shop.example', NEW);
  });

  test.each(['', '"><script>alert(1)</script>', 'x'.repeat(5000)])('writes nothing of %j', async (token) => {
    const opened = await fetch(`${kit.platform.url}/password-reset?${new URLSearchParams({ token })}`);
    const sent = await post({ token, password: NEW });
    for (const answer of [opened, sent]) {
      expect(answer.status).toBe(410);
      expect(await answer.text()).not.toMatch(/<script|xxxx/);
    }
  });
});
