import { beforeAll, describe, expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { newest, sentCodes } from '../../testkit/sent-secrets.ts';
import { stepUp } from '../../testkit/sessions.ts';
import { onlyWinner, people, times } from './people.ts';

const WRITTEN = ['user', 'session', 'withdrawal_hold', 'event', 'verification_code'] as const;
const REFUSED = { __typename: 'CodeRefusedError', code: 'CODE_REFUSED', path: ['input', 'code'] };

const clock = createMovableClock();
const kit = usePlatform({ env: { TRUSTED_PROXIES: '127.0.0.1' }, overrides: { clock } });
const shop = people(kit);
const counts = () => rowCounts(kit.database.pool, WRITTEN);

const requestEmail = async (session: string, newEmail: string) =>
  (await shop.as(session).send(operations.EmailChangeRequestDocument, { input: { newEmail } }))
    .emailChangeRequest;
const confirmEmail = async (session: string, code: string) =>
  (await shop.as(session).send(operations.EmailChangeConfirmDocument, { input: { code } }))
    .emailChangeConfirm;
const requestPhone = async (session: string, newPhone: string) =>
  (await shop.as(session).send(operations.PhoneChangeRequestDocument, { input: { newPhone } }))
    .phoneChangeRequest;
const confirmPhone = async (session: string, code: string) =>
  (await shop.as(session).send(operations.PhoneChangeConfirmDocument, { input: { code } }))
    .phoneChangeConfirm;
const viewer = async (session: string) =>
  (await shop.as(session).send(operations.ViewerContactDocument, {})).viewer;

/** A session of a new person who has just proved to be there. */
async function present(email: string): Promise<string> {
  await shop.join(email);
  return stepped(email);
}
async function stepped(email: string): Promise<string> {
  const session = await shop.signIn(email);
  await stepUp(kit.database.pool, session, clock.now());
  return session;
}
const emailCode = async (email: string) =>
  newest(await sentCodes(kit.database.pool, 'user.email_change_requested', email));
const phoneCode = async (email: string) =>
  newest(await sentCodes(kit.database.pool, 'user.phone_change_requested', email));
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('another e-mail address', () => {
  test('is proved by the code that was sent there; both are told, other sessions end', async () => {
    const session = await present('ada@shop.example');
    const other = await shop.signIn('ada@shop.example');
    await shop.requestReset('ada@shop.example');
    const link = newest(await shop.resetLinks('ada@shop.example'));
    expect(await requestEmail(session, ' Ada@New.example ')).toMatchObject({ target: 'Ada@New.example' });
    expect((await viewer(session)).email).toBe('ada@shop.example');
    const code = await emailCode('ada@shop.example');

    expect(await confirmEmail(session, ` ${code} `)).toEqual({
      __typename: 'User',
      email: 'Ada@New.example',
    });
    expect(await viewer(session)).toMatchObject({ email: 'Ada@New.example' });
    expect(await shop.isSignedIn(other)).toBe(false);
    expect(await shop.trySignIn('ada@shop.example')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await shop.signIn('ada@new.example');
    expect(await shop.reset(link, 'a horse of another colour')).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await confirmEmail(session, code)).toMatchObject(REFUSED);
    expect(await shop.holds('Ada@New.example')).toEqual({
      person: ['EMAIL_CHANGED'],
      merchants: ['EMAIL_CHANGED'],
    });
    const events = await shop.eventsOf('Ada@New.example');
    const at = events.findIndex(({ type }) => type === 'user.email_changed');
    expect(events.slice(at, at + 2)).toEqual([
      { type: 'user.email_changed', data: { oldEmail: 'ada@shop.example', newEmail: 'Ada@New.example' } },
      { type: 'session.ended', data: { sessionId: expect.any(String) as string, reason: 'EMAIL_CHANGED' } },
    ]);
  });

  test('asked for by a stranger does not use up the password recovery of whom it belongs to', async () => {
    await shop.join('victim@shop.example');
    const stranger = await present('stranger@shop.example');
    for (let i = 0; i < 5; i++)
      expect(await requestEmail(stranger, 'victim@shop.example')).toMatchObject({ __typename: 'CodeSent' });
    expect(await errorCodes(requestEmail(stranger, 'victim@shop.example'))).toEqual(['RATE_LIMITED']);
    await shop.requestReset('victim@shop.example');
    expect(await shop.resetLinks('victim@shop.example')).toHaveLength(1);
  });

  test('asks for a proof of presence, which wears off', async () => {
    await shop.join('ben@shop.example');
    const session = await shop.signIn('ben@shop.example');
    const before = await counts();
    const refused = { __typename: 'StepUpRequiredError', code: 'STEP_UP_REQUIRED' };
    expect(await requestEmail(session, 'ben@new.example')).toMatchObject(refused);
    await stepUp(kit.database.pool, session, clock.now());
    clock.advance({ seconds: 10 * 60 });
    expect(await requestEmail(session, 'ben@new.example')).toMatchObject(refused);
    for (const bad of [
      'no address',
      'ben@shop.example',
      'BEN@shop.example',
      'a@b.example\r\nBcc: c@d.example',
    ])
      expect(await requestEmail(session, bad)).toMatchObject({ path: ['input', 'newEmail'] });
    expect(await counts()).toEqual(before);
  });

  test('of somebody else is asked for like any other, and never had', async () => {
    await shop.join('taken@shop.example');
    const session = await present('cleo@shop.example');
    const free = await requestEmail(session, 'free@shop.example');
    const taken = await requestEmail(session, 'Taken@shop.example');
    expect(Object.keys(taken)).toEqual(Object.keys(free));
    expect(taken).toMatchObject({ __typename: 'CodeSent', target: 'Taken@shop.example' });
    const before = await counts();
    // Only who reads the mails of that address knows this code.
    expect(await confirmEmail(session, await emailCode('cleo@shop.example'))).toMatchObject({
      __typename: 'WrongStateError',
      code: 'WRONG_STATE',
    });
    expect(await counts()).toEqual(before);
    expect((await viewer(session)).email).toBe('cleo@shop.example');
    await shop.signIn('taken@shop.example');
  });

  test('goes to one of two who want it at once', async () => {
    const emails = ['dora@shop.example', 'emil@shop.example'];
    const sessions = await Promise.all(emails.map(present));
    for (const session of sessions) await requestEmail(session, 'both@shop.example');
    const codes = await Promise.all(emails.map(emailCode));
    const answers = await times(2, (i) => confirmEmail(sessions[i] ?? '', codes[i] ?? ''));
    onlyWinner(answers, 'User');
    expect(answers.find((a) => a.__typename !== 'User')).toMatchObject({ code: 'WRONG_STATE' });
    await shop.signIn('both@shop.example');
  });

  test('is had once by ten who send the code at once', async () => {
    const session = await present('finn@shop.example');
    await requestEmail(session, 'finn@new.example');
    const code = await emailCode('finn@shop.example');
    const answers = await times(10, () => confirmEmail(session, code));
    onlyWinner(answers, 'User');
    const changed = (await shop.eventsOf('finn@new.example')).filter((e) => e.type === 'user.email_changed');
    expect(changed).toHaveLength(1);
  });
});

describe('a code', () => {
  const email = 'gwen@shop.example';
  let session: string;
  beforeAll(async () => {
    session = await present(email);
  });

  test('has five attempts', async () => {
    await requestEmail(session, 'gwen@one.example');
    const code = await emailCode(email);
    const before = await counts();
    for (const answer of await times(5, () => confirmEmail(session, wrong(code))))
      expect(answer).toMatchObject(REFUSED);
    expect(await confirmEmail(session, code)).toMatchObject(REFUSED);
    expect(await counts()).toEqual(before);
  });

  test('is replaced by a newer one', async () => {
    await requestEmail(session, 'gwen@two.example');
    const old = await emailCode(email);
    await requestEmail(session, 'gwen@three.example');
    expect(await confirmEmail(session, old)).toMatchObject(REFUSED);
    expect(await confirmEmail(session, await emailCode(email))).toMatchObject({
      email: 'gwen@three.example',
    });
  });

  test('ends after ten minutes, and is its person’s and purpose’s only', async () => {
    const mine = await stepped('gwen@three.example');
    const theirs = await present('hugo@shop.example');
    await requestEmail(mine, 'gwen@four.example');
    const code = await emailCode('gwen@three.example');
    expect(await confirmEmail(theirs, code)).toMatchObject(REFUSED);
    expect(await confirmPhone(mine, code)).toMatchObject(REFUSED);
    for (const text of ['', 'abcdef', '１２３４５６', '0'.repeat(100_000)])
      expect(await confirmEmail(theirs, text)).toMatchObject(REFUSED);
    clock.advance({ seconds: 10 * 60 });
    expect(await confirmEmail(mine, code)).toMatchObject(REFUSED);
  });

  test('is looked at twenty times an hour, however many were sent', async () => {
    const mine = await present('iris@shop.example');
    let looked = 0;
    for (let sent = 0; sent < 5; sent++) {
      await requestEmail(mine, `iris@${sent}.example`);
      const code = await emailCode('iris@shop.example');
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, () => confirmEmail(mine, wrong(code))),
      );
      looked += tries.filter((t) => t.status === 'fulfilled').length;
    }
    expect(looked).toBe(20);
    expect(await errorCodes(confirmEmail(mine, await emailCode('iris@shop.example')))).toEqual([
      'RATE_LIMITED',
    ]);
    expect(await errorCodes(requestEmail(mine, 'iris@more.example'))).toEqual(['RATE_LIMITED']);
  });

  test('is sent five times an hour to one address, whoever asks', async () => {
    const sessions = [await present('jack@shop.example'), await present('kate@shop.example')];
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        requestEmail(sessions[i % 2] ?? '', i % 2 ? 'flooded@shop.example' : 'Flooded@Shop.example'),
      ),
    );
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(5);
  });

  test('does nothing in a session that ended meanwhile', async () => {
    const mine = await present('lena@shop.example');
    await requestEmail(mine, 'lena@new.example');
    const code = await emailCode('lena@shop.example');
    await shop.requestReset('lena@shop.example');
    await shop.reset(newest(await shop.resetLinks('lena@shop.example')), 'a horse of another colour');
    expect(await errorCodes(confirmEmail(mine, code))).toEqual(['UNAUTHENTICATED']);
    const again = await shop.signIn('lena@shop.example', 'a horse of another colour');
    expect(await confirmEmail(again, code)).toMatchObject(REFUSED);
  });
});

describe('a phone number', () => {
  test('is proved by the code that was sent there, and holds payouts back', async () => {
    const session = await present('mona@shop.example');
    const other = await shop.signIn('mona@shop.example');
    expect((await viewer(session)).phone).toBeNull();
    expect(await requestPhone(session, '+49 (151) 234-567 89')).toMatchObject({ target: '+4915123456789' });
    const code = await phoneCode('mona@shop.example');
    expect(await confirmPhone(session, wrong(code))).toMatchObject(REFUSED);
    const answers = await times(4, () => confirmPhone(session, code));
    onlyWinner(answers, 'User');
    expect((await viewer(session)).phone).toBe('+4915123456789');
    expect(await shop.isSignedIn(other)).toBe(true);
    expect(await shop.holds('mona@shop.example')).toEqual({
      person: ['PHONE_CHANGED'],
      merchants: ['PHONE_CHANGED'],
    });
    const events = await shop.eventsOf('mona@shop.example');
    expect(events.filter((e) => e.type === 'user.phone_changed')).toEqual([
      { type: 'user.phone_changed', data: { phone: '+491********89' } },
    ]);
    expect(await requestPhone(session, '+4915123456789')).toMatchObject({ path: ['input', 'newPhone'] });
  });

  test.each(['', '0151 23456789', '+0151234567', '+49', '+1234567890123456', '+49abc1234567', '+49151;ls'])(
    'is not %j',
    async (number) => {
      const session = await shop.signIn('mona@shop.example');
      const before = await counts();
      expect(await requestPhone(session, number)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'newPhone'],
      });
      expect(await requestPhone(session, '+4915100000000')).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await counts()).toEqual(before);
    },
  );
});
