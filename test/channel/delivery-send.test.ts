import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEtaMessages } from '../../src/adapters/messages/eta-messages.ts';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { createSmtpSender, type SmtpSender } from '../../src/adapters/mail/smtp-sender.ts';
import { createBotApiSender, type BotApiSender } from '../../src/adapters/telegram/bot-api-sender.ts';
import { createTwilioSender } from '../../src/adapters/sms/twilio-sender.ts';
import { startSmsApi, type SmsApiDouble } from '../../src/demo/doubles/sms-api.ts';
import { startBotApi, type BotApiDouble } from '../../src/demo/doubles/bot-api.ts';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/doubles/smtp-catcher.ts';
import type { DeliveryStore, DueDelivery } from '../../src/usecases/ports/delivery-store.ts';
import { deliverySend } from '../../src/usecases/notification/delivery-send.ts';
import { CODE_LIFETIME_MS } from '../../src/usecases/verify-code.ts';
import { RETRY_DELAYS, retryDelay } from '../../src/usecases/notification/retry-schedule.ts';

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

/** Sends one delivery; what the store was told is in `recorded`. */
async function attempt(delivery: DueDelivery | null): Promise<void> {
  const told =
    (name: string) =>
    async (...values: unknown[]) =>
      void recorded.push([name, ...values.slice(0, -1)]);
  const deliveries: DeliveryStore = {
    due: async () => delivery,
    sent: told('sent'),
    ended: async (...values) => void recorded.push(['ended', ...values]),
    retryAt: async (id, at) => void recorded.push(['retryAt', id, at]),
    endChat: told('endChat'),
  };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const clock = { now: () => NOW };
  const publicUrl = 'https://pay.example';
  const sms = createTwilioSender({ ...SMS_ACCOUNT, apiRoot: smsApi.apiRoot, from: '+12025550100' });
  const messages = createEtaMessages();
  const deps = { deliveries, messages, mail, sms, chat, secrets, clock, logger, publicUrl };
  await deliverySend(deps)(delivery?.id ?? 'settled');
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
    expect(recorded).toEqual([['retryAt', phoneCode.id, new Date(NOW.getTime() + 90_000)]]);
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
    await attempt(null);
    expect(recorded).toEqual([]);
    expect(catcher.mails.length).toBe(before);
  });

  it('ends what cannot be sent, and the links of a chat that is gone', async () => {
    await attempt({ ...signIn, target: '901' });
    expect(recorded).toEqual([
      ['endChat', 'INFO_BOT', '901'],
      ['ended', signIn.id, 'FAILED', '400: Bad Request: chat not found'],
    ]);
    recorded = [];
    catcher.failNext({ code: 550 });
    await attempt(signUp);
    expect(recorded).toMatchObject([['ended', signUp.id, 'FAILED', expect.stringContaining('550')]]);
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

  it('moves the attempt by the schedule, and further when it is asked to', async () => {
    catcher.failNext({ code: 421 });
    await attempt({ ...signUp, attempts: 2 });
    expect(recorded).toEqual([
      ['retryAt', signUp.id, new Date(NOW.getTime() + (retryDelay(signUp.id, 3) ?? 0))],
    ]);
    recorded = [];
    botApi.failNext({ status: 429, retryAfter: 90 });
    await attempt(signIn);
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
    expect(retryDelay(signUp.id, 1, 86_400)).toBe(3_600_000);
    expect(retryDelay(signUp.id, RETRY_DELAYS.length + 1, 10)).toBeNull();
  });
});
