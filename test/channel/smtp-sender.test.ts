import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSmtpSender, type SmtpSender } from '../../src/adapters/mail/smtp-sender.ts';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/doubles/smtp-catcher.ts';
import type { MailMessage } from '../../src/usecases/ports/senders.ts';

let catcher: SmtpCatcher;
let sender: SmtpSender;

beforeAll(async () => {
  catcher = await startSmtpCatcher();
  sender = createSmtpSender({
    url: catcher.url,
    from: 'Paybell <bell@pay.example>',
    timeoutMilliseconds: 3_000,
  });
});

afterAll(async () => {
  sender.close();
  await catcher.stop();
});

const mail = (over: Partial<MailMessage> = {}): MailMessage => ({
  to: 'sam@shop.example',
  subject: 'Invoice paid: 25.00 €',
  text: 'It is paid.\n',
  html: '<p>It is <b>paid</b>.</p>',
  deliveryId: crypto.randomUUID(),
  unsubscribeUrl: null,
  ...over,
});

/** The headers, each on one line. */
const unfolded = (raw: string): string => raw.split('\r\n\r\n', 1)[0]?.replace(/\r\n[ \t]+/g, ' ') ?? '';

const caught = (deliveryId: string) =>
  catcher.waitForMail(({ parsed }) => parsed.messageId === `<${deliveryId}@pay.example>`);

describe('mail over SMTP', () => {
  it('arrives with both bodies and a Message-ID made of the delivery', async () => {
    const message = mail();
    expect(await sender.send(message)).toEqual({ kind: 'sent' });
    const { parsed, sender: envelopeSender, recipients } = await caught(message.deliveryId);
    expect(envelopeSender).toBe('bell@pay.example');
    expect(recipients).toEqual(['sam@shop.example']);
    expect(parsed.from).toMatchObject({ name: 'Paybell', address: 'bell@pay.example' });
    expect(parsed.subject).toBe('Invoice paid: 25.00 €');
    expect(parsed.text?.trim()).toBe('It is paid.');
    expect(parsed.html?.trim()).toBe('<p>It is <b>paid</b>.</p>');
    expect(parsed.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  it('is tried again after a 4xx answer and given up after a 5xx answer, and never sent twice by the pool', async () => {
    const before = catcher.mails.length;
    catcher.failNext({ code: 451 });
    expect(await sender.send(mail())).toMatchObject({ kind: 'retry', error: expect.stringContaining('451') });
    catcher.failNext({ code: 450, at: 'rcpt' });
    expect(await sender.send(mail())).toMatchObject({ kind: 'retry' });
    catcher.failNext({ code: 554 });
    expect(await sender.send(mail())).toMatchObject({
      kind: 'rejected',
      error: expect.stringContaining('554'),
    });
    expect(catcher.mails.length).toBe(before);
  });

  it.each([
    ['rcpt', 550, '5.1.1 no such user', 'target_gone'],
    ['rcpt', 550, 'mailbox unavailable', 'target_gone'],
    ['rcpt', 551, 'user not local', 'target_gone'],
    ['rcpt', 556, '5.1.10 recipient address has null MX', 'target_gone'],
    ['rcpt', 550, '5.2.1 mailbox disabled', 'target_gone'],
    ['data', 550, '5.1.1 no such user, said late', 'target_gone'],
    ['rcpt', 552, '5.2.2 mailbox full', 'rejected'],
    ['rcpt', 550, '5.7.1 not authorised', 'rejected'],
    ['rcpt', 550, 'relay not permitted', 'rejected'],
    ['rcpt', 554, '5.7.1 blocked', 'rejected'],
    ['data', 550, 'refused', 'rejected'],
    ['data', 554, '5.7.1 looks like spam', 'rejected'],
    ['data', 552, '5.3.4 too big', 'rejected'],
    ['mail', 552, '5.3.4 too big', 'rejected'],
    ['mail', 550, '5.7.1 sender not allowed', 'retry'],
    ['mail', 530, '5.7.0 authentication required', 'retry'],
    ['rcpt', 450, '4.2.1 greylisted', 'retry'],
    ['rcpt', 452, '4.2.2 mailbox full', 'retry'],
    ['data', 451, '4.3.0 try later', 'retry'],
    ['data', 421, 'closing', 'retry'],
  ] as const)('takes an answer to %s of %d %s for %s', async (phase, code, text, kind) => {
    const before = catcher.mails.length;
    const phases: string[] = [];
    catcher.refuse((step) => {
      phases.push(step.phase);
      return step.phase === phase ? { code, text } : null;
    });
    const outcome = await sender.send(mail());
    catcher.refuse(null);
    expect(outcome).toMatchObject({ kind, error: expect.stringContaining(`${code} ${text}`) });
    expect(phases.filter((one) => one === phase)).toHaveLength(1);
    expect(catcher.mails.length).toBe(before);
    expect(await sender.send(mail())).toEqual({ kind: 'sent' });
  });

  it('says how such mails are ended in the two headers of RFC 8058', async () => {
    const url = `https://pay.example/unsubscribe?token=${'x_-'.repeat(60)}`;
    const [ending, other] = [mail({ unsubscribeUrl: url }), mail()];
    for (const message of [ending, other]) expect(await sender.send(message)).toEqual({ kind: 'sent' });
    const { raw } = await caught(ending.deliveryId);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(unfolded(raw)).toContain(`\r\nList-Unsubscribe: <${url}>\r\n`);
    expect((await caught(other.deliveryId)).raw).not.toMatch(/list-unsubscribe/i);

    const forged = mail({
      unsubscribeUrl: 'https://pay.example/x?a=>,<mailto:eve@evil.example>\r\nBcc: e@e.e',
    });
    expect(await sender.send(forged)).toEqual({ kind: 'sent' });
    const header = /\r\nList-Unsubscribe: (.*)\r\n/.exec(
      unfolded((await caught(forged.deliveryId)).raw),
    )?.[1];
    expect(header).toBe('<https://pay.example/x?a=%3E,%3Cmailto:eve@evil.example%3EBcc:%20e@e.e>');
    const odd = mail({ unsubscribeUrl: 'javascript:alert(1)' });
    expect(await sender.send(odd)).toMatchObject({ kind: 'retry' });
  });

  it('speaks to addresses in other scripts', async () => {
    const message = mail({ to: 'иван@почта.example' });
    expect(await sender.send(message)).toEqual({ kind: 'sent' });
    const { recipients, parsed } = await caught(message.deliveryId);
    expect(recipients).toEqual(['иван@почта.example']);
    expect(parsed.to).toMatchObject([
      { address: expect.stringMatching(/^иван@(?:почта|xn--80a1acny)\.example$/) },
    ]);
  });

  it('sends nothing beyond its bound', async () => {
    const before = catcher.mails.length;
    const huge = mail({ html: 'x'.repeat(256 * 1024) });
    expect(await sender.send(huge)).toEqual({ kind: 'rejected', error: 'the mail is too large' });
    expect(catcher.mails.length).toBe(before);
  });

  it('is tried again when the connection dies after the data, with the same Message-ID', async () => {
    const message = mail();
    catcher.dropNextAfterData();
    expect(await sender.send(message)).toMatchObject({ kind: 'retry' });
    expect(await sender.send(message)).toEqual({ kind: 'sent' });
    const copies = catcher.mails.filter(
      ({ parsed }) => parsed.messageId === `<${message.deliveryId}@pay.example>`,
    );
    expect(copies).toHaveLength(2);
  });

  it('is tried again when nobody listens or the server says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const waiting = createSmtpSender({ url, from: 'bell@pay.example', timeoutMilliseconds: 100 });
    expect(await waiting.send(mail())).toMatchObject({ kind: 'retry' });
    silent.close();
    await once(silent, 'close');
    expect(await waiting.send(mail())).toMatchObject({
      kind: 'retry',
      error: expect.stringContaining('ECONNREFUSED'),
    });
    waiting.close();
  });

  it('makes one attempt a send: the pool does not repeat by itself', async () => {
    let connections = 0;
    const rude = createServer((socket) => {
      connections += 1;
      socket.end();
    }).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const url = `smtp://127.0.0.1:${(rude.address() as AddressInfo).port}`;
    const turnedAway = createSmtpSender({ url, from: 'bell@pay.example' });
    expect(await turnedAway.send(mail())).toMatchObject({ kind: 'retry' });
    expect(connections).toBe(1);
    turnedAway.close();
    rude.close();
  });

  it('takes no header and no recipient from what is written into it', async () => {
    const message = mail({ subject: 'Paid\r\nBcc: eve@evil.example\r\n\r\n<script>\u202e\u0085' });
    expect(await sender.send(message)).toEqual({ kind: 'sent' });
    const { parsed, raw, recipients } = await caught(message.deliveryId);
    expect(recipients).toEqual(['sam@shop.example']);
    expect(parsed.bcc ?? []).toEqual([]);
    expect(parsed.subject).toBe('Paid Bcc: eve@evil.example <script>');
    expect(raw).not.toMatch(/^bcc:/im);

    const before = catcher.mails.length;
    for (const to of [
      'a@b.c, eve@evil.example',
      'a@b.c\r\nRCPT TO:<eve@evil.example>',
      'Sam <a@b.c>',
      'nobody',
      'a\u202eelpmaxe@b.example',
      'a\u2028b@c.example',
    ])
      expect(await sender.send(mail({ to }))).toMatchObject({ kind: 'rejected' });
    expect(catcher.mails.length).toBe(before);
  });
});
