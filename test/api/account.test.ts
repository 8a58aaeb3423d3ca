import { describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import * as operations from '../../src/generated/documents.ts';
import { everythingTold, rowCounts } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes, postGraphQL } from '../testkit/raw-graphql.ts';

const PASSWORD = 'correct horse battery staple';
const LINK = /\/confirm\?token=([\w-]+)/;
const ACCOUNT_TABLES = ['user', 'user_token', 'merchant', 'member', 'session', 'event', 'delivery'] as const;

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

const signUp = async (email: string, input: Partial<operations.UserSignUpInput> = {}) =>
  (
    await kit.platform.api.send(operations.UserSignUpDocument, {
      input: { email, password: PASSWORD, merchantName: 'Corner Shop', ...input },
    })
  ).userSignUp;
const confirm = async (token: string, password = PASSWORD) =>
  (await kit.platform.api.send(operations.EmailConfirmDocument, { input: { token, password } })).emailConfirm;
const signIn = async (email: string, password = PASSWORD) =>
  (await kit.platform.api.send(operations.SessionCreateDocument, { input: { email, password } }))
    .sessionCreate;
const viewerAs = (token: string) => kit.platform.api.as(token).send(operations.ViewerDocument, {});

const mailsTo = (email: string) => kit.platform.mail.mails.filter((mail) => mail.recipients.includes(email));
/** The tokens in the confirmation mails to the address, in the order of the sign-ups. */
async function linksTo(email: string): Promise<string[]> {
  await everythingTold(kit.database.pool);
  return mailsTo(email).flatMap((mail) => LINK.exec(mail.parsed.text ?? '')?.[1] ?? []);
}
async function linkTo(email: string): Promise<string> {
  const link = (await linksTo(email)).at(-1);
  if (link === undefined) throw new Error(`no link was mailed to ${email}`);
  return link;
}
const INVALID_CREDENTIALS = {
  __typename: 'InvalidCredentialsError',
  code: 'INVALID_CREDENTIALS',
  message: 'E-mail address or password is wrong.',
  path: null,
};
const INVALID_LINK = { __typename: 'InvalidTokenError', code: 'INVALID_TOKEN', path: ['input', 'token'] };

describe('signing up', () => {
  test('answers the same for a new and for a taken address; its owner is told by mail', async () => {
    const first = await signUp('ada@shop.example');
    expect(first).toEqual({ __typename: 'UserSignUpPayload', email: 'ada@shop.example' });
    await confirm(await linkTo('ada@shop.example'));
    const before = await rowCounts(kit.database.pool, ['user', 'user_token', 'merchant', 'member']);

    expect(await signUp('ada@shop.example', { password: 'somebody else entirely' })).toEqual(first);
    expect(await signUp('ADA@Shop.Example')).toEqual({ ...first, email: 'ADA@Shop.Example' });

    await everythingTold(kit.database.pool);
    expect(await rowCounts(kit.database.pool, ['user', 'user_token', 'merchant', 'member'])).toEqual(before);
    const [welcome, ...warnings] = mailsTo('ada@shop.example');
    expect(welcome?.parsed.text).toMatch(LINK);
    expect(warnings).toHaveLength(2);
    for (const warning of warnings) expect(warning.parsed.text).not.toMatch(/token=/);
    expect(await signIn('ada@shop.example', 'somebody else entirely')).toEqual(INVALID_CREDENTIALS);
    accepted(await signIn('ada@shop.example'), 'SessionCreatePayload');
  });

  test('does not sign in before the address is confirmed', async () => {
    await signUp('ben@shop.example');
    expect(await signIn('ben@shop.example')).toMatchObject({
      __typename: 'EmailNotConfirmedError',
      code: 'EMAIL_NOT_CONFIRMED',
    });
    const { rows } = await kit.database.pool.query(
      `SELECT 1 FROM session s JOIN "user" u ON u.id = s.user_id WHERE u.email = 'ben@shop.example'`,
    );
    expect(rows).toEqual([]);
  });

  test.each<[string, Partial<operations.UserSignUpInput>, string]>([
    ['no e-mail address', { email: 'not-an-address' }, 'email'],
    ['a line break in the address', { email: 'eve@shop.example\r\nBcc: all@shop.example' }, 'email'],
    ['a control character in the address', { email: 'e\u0001ve@shop.example' }, 'email'],
    ['a NUL in the address', { email: 'e\u0000ve@shop.example' }, 'email'],
    ['half a character in the address', { email: 'e\uD800ve@shop.example' }, 'email'],
    ['an address of 255 characters', { email: `eve@${'a'.repeat(243)}.example` }, 'email'],
    ['seven characters of password', { password: 'seven77' }, 'password'],
    ['257 characters of password', { password: 'k7#wq!zb'.repeat(32) + 'x' }, 'password'],
    ['a password that many people use', { password: 'Iloveyou' }, 'password'],
    ['the address as password', { password: 'eve@shop.example' }, 'password'],
    ['the merchant’s name as password', { password: 'CornerShop1' }, 'password'],
    ['an empty name', { merchantName: '' }, 'merchantName'],
    ['a name of blanks', { merchantName: ' \t ' }, 'merchantName'],
    ['a name of 101 characters', { merchantName: 'n'.repeat(101) }, 'merchantName'],
    ['a NUL in the name', { merchantName: 'Corner\u0000Shop' }, 'merchantName'],
    ['a line break in the name', { merchantName: 'Corner\r\nShop' }, 'merchantName'],
    ['half a character in the name', { merchantName: 'Corner \uDC00' }, 'merchantName'],
    ['a locale that is none', { locale: 'not a language' }, 'locale'],
    ['a NUL in the locale', { locale: 'en\u0000' }, 'locale'],
    ['a locale without end', { locale: `en-${'x'.repeat(5000)}` }, 'locale'],
  ])('refuses %s, and writes and mails nothing', async (_what, fault, field) => {
    await everythingTold(kit.database.pool);
    const before = await rowCounts(kit.database.pool, ACCOUNT_TABLES);
    const mails = kit.platform.mail.mails.length;
    expect(await signUp(fault.email ?? 'eve@shop.example', fault)).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      path: ['input', field],
    });
    expect(await rowCounts(kit.database.pool, ACCOUNT_TABLES)).toEqual(before);
    expect(kit.platform.mail.mails).toHaveLength(mails);
  });

  test('takes the longest and the oddest that is allowed', async () => {
    const email = `${'e'.repeat(64)}@shop.example`;
    const input = { password: '🐎🐴🦄🐖'.repeat(64), merchantName: '店'.repeat(100), locale: 'zh-Hant-TW' };
    expect(await signUp(email, input)).toEqual({ __typename: 'UserSignUpPayload', email });
    await confirm(await linkTo(email), input.password);
    const { token } = accepted(await signIn(email, input.password), 'SessionCreatePayload');
    const { viewer } = await viewerAs(token);
    expect(viewer).toMatchObject({
      email,
      memberships: [{ role: 'OWNER', merchant: { name: input.merchantName } }],
    });
  });
});

describe('the confirmation link', () => {
  test('works once', async () => {
    await signUp('cleo@shop.example');
    const link = await linkTo('cleo@shop.example');
    expect(await confirm(link)).toEqual({ __typename: 'EmailConfirmPayload', confirmed: true });
    expect(await confirm(link)).toMatchObject(INVALID_LINK);
    expect(await confirm('never-issued')).toMatchObject(INVALID_LINK);
    expect(await confirm('')).toMatchObject(INVALID_LINK);
  });

  test('is refused after 24 hours, and a new sign-up mails a new one', async () => {
    await signUp('dora@shop.example');
    const old = await linkTo('dora@shop.example');
    clock.advance({ hours: 24 });
    expect(await confirm(old)).toMatchObject(INVALID_LINK);
    expect(await signIn('dora@shop.example')).toMatchObject({ code: 'EMAIL_NOT_CONFIRMED' });
    await signUp('dora@shop.example');
    const fresh = await linkTo('dora@shop.example');
    expect(fresh).not.toBe(old);
    expect(await confirm(fresh)).toMatchObject({ confirmed: true });
  });

  test('carries the password of its own sign-up: a stranger’s never stays', async () => {
    const email = 'emil@shop.example';
    await signUp(email, { password: 'chosen by a stranger' });
    const before = await linkTo(email);
    await signUp(email, { password: 'chosen by the owner' });
    const own = await linkTo(email);
    await signUp(email, { password: 'again by the stranger' });
    const after = await linkTo(email);
    // The owner opens the newest mail, which is not the owner's, and nothing comes of it.
    const wrong = { code: 'INVALID_CREDENTIALS', path: ['input', 'password'] };
    expect(await confirm(after, 'chosen by the owner')).toMatchObject(wrong);
    expect(await confirm(own, 'again by the stranger')).toMatchObject(wrong);
    expect(await signIn(email, 'again by the stranger')).toEqual(INVALID_CREDENTIALS);
    expect(await confirm(own, 'chosen by the owner')).toMatchObject({ confirmed: true });
    expect(await signIn(email, 'chosen by a stranger')).toEqual(INVALID_CREDENTIALS);
    expect(await signIn(email, 'again by the stranger')).toEqual(INVALID_CREDENTIALS);
    accepted(await signIn(email, 'chosen by the owner'), 'SessionCreatePayload');
    // The links of the others are dead: they would bring back the other passwords.
    expect(await confirm(before, 'chosen by a stranger')).toMatchObject(INVALID_LINK);
    expect(await confirm(after, 'again by the stranger')).toMatchObject(INVALID_LINK);
    expect(await signIn(email, 'again by the stranger')).toEqual(INVALID_CREDENTIALS);
    accepted(await signIn(email, 'chosen by the owner'), 'SessionCreatePayload');
  });
});

describe('signing in', () => {
  test('tells a wrong password and an unknown address apart by nothing', async () => {
    const tables = ACCOUNT_TABLES.filter((table) => table !== 'event');
    const before = await rowCounts(kit.database.pool, tables);
    for (const email of [
      'ada@shop.example',
      'nobody@shop.example',
      'no address',
      'a\u0000da@shop.example',
      '',
    ]) {
      expect(await signIn(email, 'wrong password')).toEqual(INVALID_CREDENTIALS);
    }
    expect(await signIn('ada@shop.example', '')).toEqual(INVALID_CREDENTIALS);
    expect(await rowCounts(kit.database.pool, tables)).toEqual(before);
  });

  test('gives a cookie that works only together with the CSRF header', async () => {
    const input = { email: 'ada@shop.example', password: PASSWORD };
    const answer = await postGraphQL(kit.platform.url, operations.SessionCreateDocument, { input });
    const setCookie = answer.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/^paybell_session=pbss_[\w-]+; Path=\/; HttpOnly; SameSite=Lax/);
    const cookie = setCookie.split(';', 1)[0] ?? '';
    const bare = await postGraphQL(kit.platform.url, operations.ViewerDocument, {}, { cookie });
    expect(bare.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    const csrf = { cookie, 'x-paybell-csrf': '1' };
    const proven = await postGraphQL(kit.platform.url, operations.ViewerDocument, {}, csrf);
    expect(proven.body).toMatchObject({ data: { viewer: { email: 'ada@shop.example' } } });

    const ended = await postGraphQL(kit.platform.url, operations.SessionEndDocument, {}, csrf);
    expect(ended.headers.get('set-cookie')).toMatch(/^paybell_session=; .*Max-Age=0/);
    const after = await postGraphQL(kit.platform.url, operations.ViewerDocument, {}, csrf);
    expect(after.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('a session', () => {
  test('ends with sessionEnd, and no other does', async () => {
    const one = accepted(await signIn('ada@shop.example'), 'SessionCreatePayload');
    const other = accepted(await signIn('ada@shop.example'), 'SessionCreatePayload');
    expect(one.token).not.toBe(other.token);
    const { sessionEnd } = await kit.platform.api.as(one.token).send(operations.SessionEndDocument, {});
    expect(sessionEnd).toEqual({ __typename: 'SessionEndPayload', ended: true });
    expect(await errorCodes(viewerAs(one.token))).toEqual(['UNAUTHENTICATED']);
    expect(await viewerAs(other.token)).toMatchObject({ viewer: { email: 'ada@shop.example' } });
  });

  test('ends after six hours without activity; a mutation before that keeps it', async () => {
    const { token } = accepted(await signIn('ada@shop.example'), 'SessionCreatePayload');
    const act = () =>
      kit.platform.api.as(token).send(operations.TelegramLinkCreateDocument, { input: { bot: 'INFO' } });
    clock.advance({ hours: 5.9 });
    await act();
    clock.advance({ hours: 5.9 });
    await act();
    clock.advance({ hours: 5.9 });
    expect(await viewerAs(token)).toMatchObject({ viewer: { email: 'ada@shop.example' } });
    clock.advance({ hours: 0.1 });
    expect(await errorCodes(viewerAs(token))).toEqual(['UNAUTHENTICATED']);
    expect(await errorCodes(act())).toEqual(['UNAUTHENTICATED']);
  });

  test('is nobody’s under a made-up token', async () => {
    for (const token of ['pbss_made-up', 'pbsk_test_made-up', 'whatever']) {
      expect(await errorCodes(viewerAs(token))).toEqual(['UNAUTHENTICATED']);
    }
  });
});
