import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSmtpSender, type SmtpSender } from '../../src/adapters/mail/smtp-sender.ts';
import { startSmtpCatcher, type SmtpCatcher } from '../../src/demo/doubles/smtp-catcher.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let catcher: SmtpCatcher;
let sender: SmtpSender;
beforeAll(async () => {
  catcher = await startSmtpCatcher();
  const dkim = { domain: 'pay.example', selector: 'bell', privateKey: pem };
  sender = createSmtpSender({ url: catcher.url, from: 'Paybell <bell@pay.example>', dkim });
});
afterAll(async () => {
  sender.close();
  await catcher.stop();
});

async function signedMail(): Promise<string> {
  const deliveryId = crypto.randomUUID();
  const outcome = await sender.send({
    to: 'sam@shop.example',
    subject: 'Оплачено: 25,00 € '.repeat(8),
    text: 'It is paid.\n\n\n',
    html: '<p>It is  paid: ✓</p>\n',
    deliveryId,
    unsubscribeUrl: 'https://pay.example/unsubscribe?token=abc',
  });
  expect(outcome).toEqual({ kind: 'sent' });
  return (await catcher.waitForMail(({ raw }) => raw.includes(deliveryId))).raw;
}

/** The relaxed form of RFC 6376, 3.4.2 and 3.4.4, written here anew. */
const relaxedHeader = (field: string): string => {
  const colon = field.indexOf(':');
  const value = field
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
};
const relaxedBody = (body: string): string => {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').trimEnd());
  return `${lines.join('\r\n').replace(/(?:\r\n)*$/, '')}\r\n`;
};

/** The tags of the signature, or null when it does not hold. */
function verified(raw: string): Readonly<Record<string, string>> | null {
  const end = raw.indexOf('\r\n\r\n');
  const fields = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const named = (name: string) => fields.find((field) => field.toLowerCase().startsWith(`${name}:`)) ?? '';
  const signature = named('dkim-signature');
  const tags = Object.fromEntries(
    signature
      .slice(signature.indexOf(':') + 1)
      .replaceAll(/\s/g, '')
      .split(';')
      .filter(Boolean)
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
  const bodyHash = createHash('sha256')
    .update(relaxedBody(raw.slice(end + 4)))
    .digest('base64');
  const signed = [
    ...(tags['h'] ?? '').split(':').map((name) => relaxedHeader(named(name))),
    relaxedHeader(signature.replace(/\bb=[^;]*$/, 'b=')),
  ].join('\r\n');
  const holds = verify('sha256', Buffer.from(signed), publicKey, Buffer.from(tags['b'] ?? '', 'base64'));
  return holds && bodyHash === tags['bh'] ? tags : null;
}

test('the signature holds, and names what a reader sees and a program acts upon', async () => {
  const raw = await signedMail();
  const tags = verified(raw);
  expect(tags).toMatchObject({ v: '1', a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'pay.example', s: 'bell' });
  expect(tags?.['h']?.split(':')).toEqual([
    'from',
    'to',
    'subject',
    'date',
    'message-id',
    'mime-version',
    'content-type',
    'auto-submitted',
    'list-unsubscribe',
    'list-unsubscribe-post',
  ]);
});

test('it does not hold for another text, subject or link', async () => {
  const raw = await signedMail();
  for (const [from, to] of [
    ['It is paid', 'It is not paid'],
    ['token=abc', 'token=abd'],
    ['List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Click'],
    ['To: sam@', 'To: eve@'],
  ] as const) {
    expect(raw).toContain(from);
    expect([from, verified(raw.replace(from, to))]).toEqual([from, null]);
  }
});
