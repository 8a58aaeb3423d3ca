import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../src/adapters/messages/eta-messages.ts';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { chatButtons } from '../../src/bots/chat-buttons.ts';
import { createSmtpSender, type SmtpSender } from '../../src/adapters/mail/smtp-sender.ts';
import { createBotApiSender, type BotApiSender } from '../../src/adapters/telegram/bot-api-sender.ts';
import { createTwilioSender } from '../../src/adapters/sms/twilio-sender.ts';
import { startSmsApi, type SmsApiDouble } from '../../src/demo/doubles/sms-api.ts';
import { startBotApi, type BotApiDouble } from '../../src/demo/doubles/bot-api.ts';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/doubles/smtp-catcher.ts';
import type { DeliveryStore, DueDelivery } from '../../src/usecases/ports/delivery-store.ts';
import { deliverySend } from '../../src/usecases/notification/delivery-send.ts';
import type { BlockedChat } from '../../src/usecases/telegram/telegram-chat-blocked.ts';
import { CODE_LIFETIME_MS } from '../../src/usecases/verify-code.ts';
import { askedDelay, RETRY_DELAYS, retryDelay } from '../../src/usecases/notification/retry-schedule.ts';

const TOKEN = '7002:test-token-of-the-info-bot-00000000';
const SMS_ACCOUNT = { accountSid: 'AC1', authToken: 'sms-password' };
const NOW = new Date('2026-11-21T08:00:00Z');
const secrets = createSecrets(new Uint8Array(32).fill(9));

let catcher: SmtpCatcher;
let botApi: BotApiDouble;
let smsApi: SmsApiDouble;
let mail: SmtpSender;
let chat: BotApiSender;
let recorded: unknown[][];

beforeAll(async () => {
  catcher = await startSmtpCatcher();
  botApi = await startBotApi({ bots: { [TOKEN]: 'info_bot' } });
  smsApi = await startSmsApi(SMS_ACCOUNT);
  mail = createSmtpSender({ url: catcher.url, from: 'bell@pay.example' });
  chat = createBotApiSender({ tokens: { INFO: TOKEN }, apiRoot: botApi.apiRoot, timeoutSeconds: 5 });
});

afterAll(async () => {
  mail.close();
  chat.close();
  await Promise.all([catcher.stop(), botApi.stop(), smsApi.stop()]);
});

beforeEach(() => {
  recorded = [];
});

const signUp: DueDelivery = {
  id: '01990000-0000-7000-8000-0000000000a1',
  channel: 'EMAIL',
  target: 'sam@shop.example',
  locale: 'en',
  attempts: 0,
  event: {
    id: '01990000-0000-7000-8000-0000000000e1',
    type: 'user.signed_up',
    version: 1,
    position: { txid: 1n, seq: 1n },
    merchantId: null,
    projectId: null,
    mode: null,
    actor: { type: 'ANONYMOUS', id: null },
    subject: { type: 'USER', id: '01990000-0000-7000-8000-0000000000b1' },
    data: { tokenId: 'token-row-1' },
    occurredAt: NOW,
  },
  userId: '01990000-0000-7000-8000-0000000000b1',
  member: null,
  operator: null,
  isDisconnected: false,
  isCollecting: false,
  dueAt: NOW,
};
const signIn: DueDelivery = {
  ...signUp,
  channel: 'INFO_BOT',
  target: '900',
  event: { ...signUp.event, type: 'session.created', data: { ip: '192.0.2.1', userAgent: 'Browser' } },
};

const phoneCode: DueDelivery = {
  ...signUp,
  channel: 'SMS',
  target: '+12025550123',
  event: { ...signUp.event, type: 'user.phone_change_requested', data: { codeId: 'code-row-1' } },
};

/** What the store says of a message of several. */
let collected: 'alone' | 'taken' = 'alone';

/** Aborted: the process is to stop. */
let stopping: AbortSignal | undefined;

/** Sends what is due; what the store was told is in `recorded`. */
async function attempt(...due: DueDelivery[]): Promise<void> {
  const told =
    (name: string) =>
    async (...values: unknown[]) =>
      void recorded.push([name, ...values.slice(0, -1)]);
  const deliveries: DeliveryStore = {
    due: async () => due.shift() ?? null,
    sent: told('sent'),
    ended: async (...values) => void recorded.push(['ended', ...values]),
    retryAt: async (id, at) => void recorded.push(['retryAt', id, at]),
    waitUntil: async (id, at) => void recorded.push(['waitUntil', id, at]),
    collect: async () => collected,
    lookAgain: async (id, at) => void recorded.push(['lookAgain', id, at]),
    goOn: async (id) => void recorded.push(['goOn', id]),
    addressBounced: async ({ address, reason }, eventFor) => {
      const { type, subject, actor, data } = eventFor('user-1');
      recorded.push(['addressBounced', address, reason, { type, subject, actor, data }]);
      return true;
    },
  };
  const ids = { next: () => '01990000-0000-7000-8000-0000000000e9' };
  const feed = { poke: () => void recorded.push(['poke']) };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const clock = { now: () => NOW };
  const publicUrl = 'https://pay.example';
  const sms = createTwilioSender({ ...SMS_ACCOUNT, apiRoot: smsApi.apiRoot, from: '+12025550100' });
  const messages = createEtaMessages();
  const chatBlocked = async ({ bot, chatId }: BlockedChat) =>
    void recorded.push(['chatBlocked', bot, chatId]);
  const senders = { mail, sms, chat, chatButtons, chatBlocked };
  const deps = { deliveries, messages, ...senders, secrets, ids, feed, clock, logger, publicUrl };
  await deliverySend(deps)(due[0]?.id ?? 'settled', stopping);
}

describe('one attempt at a delivery', () => {
  it('mails the confirmation link, whose token no event holds', async () => {
    await attempt(signUp);
    const { parsed } = await catcher.waitForMail(({ recipients }) => recipients.includes('sam@shop.example'));
    const { secret } = secrets.derive('EMAIL_CONFIRMATION', 'token-row-1');
    expect(parsed.text).toContain(`https://pay.example/confirm?token=${secret}`);
    expect(parsed.messageId).toBe(`<${signUp.id}@pay.example>`);
    expect(recorded).toEqual([['sent', signUp.id]]);
  });

  it('writes to the chat of the right bot', async () => {
    botApi.openChat(TOKEN, 900);
    await attempt(signIn);
    const message = await botApi.waitForMessage(({ chatId }) => chatId === '900');
    expect(message.text).toContain('192.0.2.1');
    expect(recorded).toEqual([['sent', signIn.id]]);
  });

  it('sends the code by SMS, which no event holds', async () => {
    await attempt(phoneCode);
    const { body, from } = await smsApi.waitForMessage(({ to }) => to === '+12025550123');
    expect(body).toContain(secrets.deriveCode('PHONE_CHANGE', 'code-row-1'));
    expect(from).toBe('+12025550100');
    expect(recorded).toEqual([['sent', phoneCode.id]]);
  });

  it('does not send a code that has expired while the service was away', async () => {
    const before = smsApi.messages.length;
    const occurredAt = new Date(NOW.getTime() - CODE_LIFETIME_MS);
    await attempt({ ...phoneCode, attempts: 4, event: { ...phoneCode.event, occurredAt } });
    expect(recorded).toEqual([['ended', phoneCode.id, 'FAILED', 'the code has expired']]);
    expect(smsApi.messages.length).toBe(before);
  });

  it('asks no customer to pay an invoice that has ended meanwhile', async () => {
    const sent: DueDelivery = {
      ...signUp,
      target: 'cara@customer.example',
      userId: null,
      event: {
        ...signUp.event,
        type: 'invoice.sent',
        subject: { type: 'INVOICE', id: '01990000-0000-7000-8000-0000000000f1' },
        data: { ...signUp.event.data, expiresAt: NOW.toISOString() },
      },
    };
    const before = catcher.mails.length;
    await attempt(sent);
    expect(recorded).toEqual([['ended', sent.id, 'FAILED', 'the invoice has ended']]);
    expect(catcher.mails.length).toBe(before);
    const expiresAt = new Date(NOW.getTime() + 1).toISOString();
    await attempt({ ...sent, event: { ...sent.event, data: { ...sent.event.data, expiresAt } } });
    const { parsed } = await catcher.waitForMail((mail) => mail.recipients.includes('cara@customer.example'));
    expect(parsed.text).toContain('https://pay.example/pay/01990000-0000-7000-8000-0000000000f1');
  });

  it('does not repeat an SMS that may have gone out, and moves one that was put off', async () => {
    smsApi.failNext({ dropConnection: true });
    await attempt(phoneCode);
    expect(recorded).toMatchObject([['ended', phoneCode.id, 'UNKNOWN', expect.any(String)]]);
    recorded = [];
    smsApi.failNext({ status: 429, retryAfter: 90 });
    await attempt(phoneCode);
    expect(recorded).toEqual([['waitUntil', phoneCode.id, new Date(NOW.getTime() + 90_000)]]);
  });

  it('tells a member nothing of what the member may not see any more', async () => {
    const before = catcher.mails.length;
    const place = { merchantId: 'm-1', projectId: 'p-1', mode: 'LIVE' } as const;
    const paid: DueDelivery = {
      ...signUp,
      event: { ...signUp.event, ...place, type: 'invoice.paid', subject: { type: 'INVOICE', id: 'i-1' } },
    };
    for (const member of [null, { role: 'VIEWER', projectIds: ['p-2'], closedAt: null } as const]) {
      recorded = [];
      await attempt({ ...paid, member });
      expect(recorded).toEqual([['ended', paid.id, 'FAILED', 'the person may not hear of it any more']]);
    }
    expect(catcher.mails.length).toBe(before);
    recorded = [];
    await attempt({ ...paid, member: { role: 'VIEWER', projectIds: ['p-1'], closedAt: null } });
    expect(recorded).toEqual([['sent', paid.id]]);
  });

  it('does nothing for a delivery that is settled', async () => {
    const before = catcher.mails.length;
    await attempt();
    expect(recorded).toEqual([]);
    expect(catcher.mails.length).toBe(before);
  });

  it('ends what cannot be sent, and the links of a chat that is gone', async () => {
    await attempt({ ...signIn, target: '901' });
    expect(recorded).toEqual([
      ['chatBlocked', 'INFO', '901'],
      ['ended', signIn.id, 'FAILED', '400: Bad Request: chat not found'],
    ]);
    recorded = [];
    catcher.failNext({ code: 550 });
    await attempt(signUp);
    expect(recorded).toMatchObject([['ended', signUp.id, 'FAILED', expect.stringContaining('550')]]);
  });

  it('marks an address that its server refuses for good, and not for what the mail says', async () => {
    const refusal = { code: 550, text: '5.1.1 no such user' };
    catcher.refuse(({ phase, recipient }) => {
      return phase === 'rcpt' && recipient === 'gone@shop.example' ? refusal : null;
    });
    await attempt({ ...signUp, target: 'gone@shop.example' });
    const said = expect.stringContaining('550 5.1.1 no such user');
    const type = 'user.email_bounced';
    const actor = { type: 'SYSTEM', id: null };
    expect(recorded).toEqual([
      [
        'addressBounced',
        'gone@shop.example',
        said,
        { type, subject: { type: 'USER', id: 'user-1' }, actor, data: { email: 'gone@shop.example' } },
      ],
      ['poke'],
      ['ended', signUp.id, 'FAILED', said],
    ]);
    recorded = [];
    catcher.refuse(({ phase }) => (phase === 'data' ? { code: 554, text: '5.7.1 looks like spam' } : null));
    await attempt(signUp);
    catcher.refuse(null);
    expect(recorded).toMatchObject([['ended', signUp.id, 'FAILED', expect.stringContaining('spam')]]);
  });

  it('tells how such mails are ended, in header and bodies, but for those of security and of customers', async () => {
    const paid: DueDelivery = {
      ...signUp,
      id: '01990000-0000-7000-8000-0000000000a2',
      target: 'reader@shop.example',
      event: { ...signUp.event, type: 'invoice.paid', subject: { type: 'INVOICE', id: 'i-1' } },
      member: { role: 'OWNER', projectIds: null, closedAt: null },
    };
    await attempt(paid);
    const { parsed } = await catcher.waitForMail((mail) => mail.recipients.includes('reader@shop.example'));
    const header = (key: string) => parsed.headers.find((one) => one.key === key)?.value;
    const link = /^<(https:\/\/pay\.example\/unsubscribe\?token=[\w-]{89})>$/.exec(
      header('list-unsubscribe') ?? '',
    )?.[1];
    expect(link).toContain(`${paid.userId}_PAYMENTS_`);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(parsed.text?.split('\n')).toContain(link);
    expect(parsed.html).toContain(`<a href="${link}">`);
    const without = catcher.mails.filter(({ raw }) => !/^List-Unsubscribe/im.test(raw));
    expect(without.map(({ recipients }) => recipients[0])).toEqual(
      expect.arrayContaining(['sam@shop.example', 'cara@customer.example']),
    );
  });

  it('does not repeat a chat message that may have arrived', async () => {
    botApi.openChat(TOKEN, 900);
    botApi.failNext({ dropConnection: 'after' });
    await attempt(signIn);
    expect(recorded).toMatchObject([['ended', signIn.id, 'UNKNOWN', expect.any(String)]]);
  });

  it('sets a message aside that cannot be written', async () => {
    await attempt({ ...signUp, event: { ...signUp.event, data: {} } });
    await attempt({ ...signIn, event: { ...signIn.event, type: 'invoice.created' } });
    expect(recorded.map((call) => call.slice(0, 3))).toEqual([
      ['ended', signUp.id, 'FAILED'],
      ['ended', signIn.id, 'FAILED'],
    ]);
  });

  it('sends a chat one after the other what is due, as far as one that has to wait', async () => {
    const chat = (...ids: string[]) => ids.map((id) => ({ ...signIn, id }));
    await attempt(...chat('one', 'two'), ...chat('three'));
    expect(recorded).toEqual([
      ['sent', 'one'],
      ['sent', 'two'],
      ['sent', 'three'],
    ]);
    recorded = [];
    botApi.failNext({ status: 429, retryAfter: 5 });
    const dueAt = new Date(NOW.getTime() + 5_000);
    const [one] = chat('one');
    if (one) await attempt(one, { ...one, dueAt });
    expect(recorded).toEqual([
      ['waitUntil', 'one', dueAt],
      ['lookAgain', 'one', dueAt],
    ]);
  });

  it('does not try one that cannot be sent over and over, which others wait behind', async () => {
    const taken = { ...signIn, isCollecting: true };
    collected = 'taken';
    await attempt(taken, taken, taken);
    collected = 'alone';
    expect(recorded).toEqual([]);
  });

  it('leaves the rest of a chat to another when the process stops, and after twenty', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ ...signIn, id: `delivery-${n}` }));
    await attempt(...many);
    expect(recorded).toHaveLength(21);
    expect(recorded.at(-1)).toEqual(['goOn', 'delivery-0']);
    recorded = [];
    stopping = AbortSignal.abort();
    await attempt(...many);
    stopping = undefined;
    expect(recorded).toEqual([
      ['sent', 'delivery-0'],
      ['goOn', 'delivery-0'],
    ]);
  });

  it('moves the attempt by the schedule, or as long as it is asked to for a day', async () => {
    catcher.failNext({ code: 421 });
    await attempt({ ...signUp, attempts: 2 });
    expect(recorded).toEqual([
      ['retryAt', signUp.id, new Date(NOW.getTime() + (retryDelay(signUp.id, 3) ?? 0))],
    ]);
    recorded = [];
    botApi.failNext({ status: 429, retryAfter: 90 });
    await attempt(signIn);
    expect(recorded).toEqual([['waitUntil', signIn.id, new Date(NOW.getTime() + 90_000)]]);
    recorded = [];
    botApi.failNext({ status: 429, retryAfter: 90 });
    const dayOld = new Date(NOW.getTime() - 24 * 3_600_000);
    await attempt({ ...signIn, event: { ...signIn.event, occurredAt: dayOld } });
    expect(recorded).toEqual([['retryAt', signIn.id, new Date(NOW.getTime() + 90_000)]]);
    recorded = [];
    catcher.failNext({ code: 421 });
    await attempt({ ...signUp, attempts: RETRY_DELAYS.length });
    expect(recorded).toMatchObject([['ended', signUp.id, 'FAILED', expect.any(String)]]);
  });
});

describe('the schedule', () => {
  it('grows, spreads by at most a fifth, and bounds what others ask for', () => {
    const delays = RETRY_DELAYS.map((delay, i) => {
      const jittered = retryDelay(signUp.id, i + 1) ?? 0;
      expect(jittered).toBeGreaterThanOrEqual(delay);
      expect(jittered).toBeLessThanOrEqual(delay * 1.2);
      return jittered;
    });
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(retryDelay(signUp.id, 1)).toBe(retryDelay(signUp.id, 1));
    expect(retryDelay('another', 1)).not.toBe(retryDelay(signUp.id, 1));
    expect(retryDelay(signUp.id, RETRY_DELAYS.length + 1)).toBeNull();
    expect([0, 90, 86_400].map(askedDelay)).toEqual([1_000, 90_000, 3_600_000]);
  });
});
