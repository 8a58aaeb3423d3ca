import { parseUnits } from 'viem';
import { describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { connectBots, openMerchant } from '../../src/demo/merchant.ts';
import { INFO_BOT_TOKEN, LOCAL_CONFIRMATIONS, MERCHANT_BOT_TOKEN } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';

const kit = usePlatform({ chain: true });
const CHAT = 4_100_000_001;

describe('an invoice paid by a real chain transaction', () => {
  test('is told once over every channel, and stands in the ledger', async () => {
    const { platform } = kit;
    const merchant = await openMerchant(platform, 'ada@shop.example');
    await connectBots(platform, merchant, CHAT);
    const created = await merchant.live.send(operations.InvoiceCreateDocument, {
      input: { amount: '40', currency: 'USD', orderId: 'order-7' },
    });
    const invoice = accepted(created.invoiceCreate, 'Invoice');
    const quoted = await merchant.live.send(operations.QuoteCreateDocument, {
      input: { invoiceId: invoice.id, asset: 'USDT', network: 'ETHEREUM' },
    });
    const quote = accepted(quoted.quoteCreate, 'Quote');
    expect(quote.address).toMatch(/^0x[0-9a-fA-F]{40}$/);

    const { chain } = platform;
    if (!chain) throw new Error('no chain');
    await chain.sendToken(quote.address, parseUnits(quote.amount.amount, 6));
    await chain.mine(LOCAL_CONFIRMATIONS);

    const mail = await platform.mail.waitForMail((m) => /order-7/.test(m.parsed.text ?? ''));
    expect(mail.recipients).toEqual(['ada@shop.example']);
    const message = await platform.bots.waitForMessage((m) => /order-7/.test(m.text));
    expect(message).toMatchObject({ token: MERCHANT_BOT_TOKEN, chatId: String(CHAT) });

    const after = await merchant.live.send(operations.InvoiceDocument, { id: invoice.id });
    expect(after.invoice).toMatchObject({ status: 'PAID', amountPaid: { amount: '40.00' } });
    const { balances } = await merchant.live.send(operations.BalancesDocument, {});
    expect(balances).toMatchObject([{ asset: { code: 'USDT' }, available: { amount: '40.000000' } }]);
    const { rows } = await kit.database.pool.query(
      'SELECT sum(amount)::text AS sum, count(*)::int AS n FROM posting',
    );
    expect(rows).toEqual([{ sum: '0', n: 6 }]);
  });

  test('and a later sign-in is told by the info bot', async () => {
    const { platform } = kit;
    const input = { email: 'ada@shop.example', password: 'correct horse battery staple' };
    const before = platform.bots.messages(INFO_BOT_TOKEN).length;
    await platform.api.send(operations.SessionCreateDocument, { input });
    const message = await platform.bots.waitForMessage(
      (m) => m.token === INFO_BOT_TOKEN && platform.bots.messages(INFO_BOT_TOKEN).indexOf(m) >= before,
    );
    expect(message.text).toMatch(/sign/i);
  });
});
