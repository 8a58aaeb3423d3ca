import { v7 } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../../src/config/secrets.ts';
import { connectBots, openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { INFO_BOT_TOKEN } from '../../../src/demo/platform.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';
import * as operations from '../../../src/generated/documents.ts';
import { newEvent, writeEvents } from '../../bus/bus-fixture.ts';
import { everythingTold, rowIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';

/** From the event to the mailbox, the phone and the chat, through the whole gateway. */
const kit = usePlatform();
const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));
const CHAT = 4_100_000_777;
let shop: DemoMerchant;
let userId: string;

beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'ada@shop.example');
  userId = rowIdOf((await shop.owner.send(operations.AuditActivityDocument, {})).viewer.id);
  await connectBots(kit.platform, shop, CHAT);
  await everythingTold(kit.database.pool);
});

/** Writes an event as its use case does, and gives what was sent of it. */
async function sentFor(changes: Partial<NewEvent>) {
  const { pool } = kit.database;
  const [mails, sms] = [kit.platform.mail.mails.length, kit.platform.sms.messages.length];
  const event = newEvent({ mode: null, subject: { type: 'USER', id: userId }, ...changes });
  await writeEvents(pool, event);
  // Signing in wakes the readers of the events.
  await signIn(kit.platform, 'ada@shop.example');
  await everythingTold(pool);
  const { rows } = await pool.query<{ status: string }>('SELECT status FROM delivery WHERE event_id = $1', [
    event.id,
  ]);
  expect(rows.every(({ status }) => status === 'SENT')).toBe(true);
  return {
    mails: kit.platform.mail.mails
      .slice(mails)
      .map(({ recipients, parsed }) => ({ ...parsed, to: recipients })),
    sms: kit.platform.sms.messages.slice(sms),
  };
}

test('the code that proves a phone number goes there by SMS, and nowhere else', async () => {
  const codeId = v7();
  const sent = await sentFor({
    type: 'user.phone_change_requested',
    data: { codeId, newPhone: '+12025550123' },
  });
  const code = secrets.deriveCode('PHONE_CHANGE', codeId);
  expect(sent).toEqual({
    mails: [],
    sms: [{ to: '+12025550123', from: '+12025550100', body: expect.stringContaining(code) }],
  });
});

test('the code that begins an authenticator goes to the address that was chosen', async () => {
  const codeId = v7();
  const code = secrets.deriveCode('TWO_FACTOR_ENROLLMENT', codeId);
  const type = 'user.two_factor_code_requested';
  const byMail = await sentFor({ type, data: { codeId, email: 'ada@shop.example', phone: null } });
  expect(byMail.mails).toMatchObject([
    { to: ['ada@shop.example'], text: expect.stringContaining(`\n${code}\n`) },
  ]);
  expect(byMail.sms).toEqual([]);
  const bySms = await sentFor({ type, data: { codeId, email: null, phone: '+12025550123' } });
  expect(bySms.mails).toEqual([]);
  expect(bySms.sms).toMatchObject([{ body: expect.stringContaining(code) }]);
});

test('the old address hears of the new one, and the chat too', async () => {
  const { mails } = await sentFor({
    type: 'user.email_changed',
    actor: { type: 'USER', id: userId, ip: '192.0.2.44', device: 'Firefox on Linux' },
    data: { oldEmail: 'old@shop.example', newEmail: 'new@shop.example' },
  });
  expect(mails.flatMap(({ to }) => to).toSorted()).toEqual(['new@shop.example', 'old@shop.example']);
  for (const { text } of mails) expect(text).toMatch(/IP: 192\.0\.2\.44\nDevice: Firefox on Linux/);
  const told = kit.platform.bots.messages(INFO_BOT_TOKEN).map(({ text }) => text);
  expect(told.some((text) => text.includes('192.0.2.44'))).toBe(true);
});

test('an invitation goes to somebody without an account, with a link and nothing that breaks out of the mail', async () => {
  const tokenId = v7();
  const { mails } = await sentFor({
    type: 'member.invited',
    merchantId: rowIdOf(shop.merchantId),
    subject: { type: 'INVITATION', id: tokenId },
    data: {
      email: 'guest@elsewhere.example',
      role: 'ADMIN',
      merchantName: 'Shop <b>\r\nBcc: eve@evil.example',
      invitedBy: 'ada@shop.example',
      tokenId,
      locale: 'de',
    },
  });
  const { secret } = secrets.derive('INVITATION', tokenId);
  expect(mails).toMatchObject([
    {
      to: ['guest@elsewhere.example'],
      subject: 'Einladung zu Shop <b> Bcc: eve@evil.example',
      text: expect.stringContaining(`/invitation?token=${secret}\n`),
      html: expect.stringContaining('Shop &lt;b&gt; Bcc:'),
    },
  ]);
});
