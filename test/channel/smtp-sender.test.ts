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
  ...over,
});

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
    catcher.failNext({ code: 550, at: 'rcpt' });
    expect(await sender.send(mail())).toMatchObject({ kind: 'rejected' });
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
    const message = mail({ subject: 'Paid\r\nBcc: eve@evil.example\r\n\r\n<script>' });
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
    ])
      expect(await sender.send(mail({ to }))).toMatchObject({ kind: 'rejected' });
    expect(catcher.mails.length).toBe(before);
  });
});
