import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { openMerchant } from '../../src/demo/merchant.ts';
import { startPlatform } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { findOlderPostgres, startOlderPostgres } from '../testkit/older-postgres.ts';

const folder = findOlderPostgres();
if (folder === null) {
  if (process.env['REQUIRE_ALL'])
    throw new Error('REQUIRE_ALL: an older PostgreSQL (15 to 17) must be installed');
  process.stderr.write('SKIPPED: no PostgreSQL 15, 16 or 17 was found below /usr/lib/postgresql\n');
}

describe.skipIf(folder === null)('an older PostgreSQL', () => {
  test('takes the migrations and a paid test invoice', async () => {
    const server = await startOlderPostgres(folder ?? '');
    const platform = await startPlatform({
      env: { NODE_ENV: 'test', DATABASE_URL: server.url, LOG_LEVEL: 'error' },
    });
    try {
      const { test: shop } = await openMerchant(platform, 'ada@shop.example');
      const created = await shop.send(operations.InvoiceCreateDocument, {
        input: { amount: '5', currency: 'USD' },
      });
      const { id: invoiceId } = accepted(created.invoiceCreate, 'Invoice');
      const quoted = await shop.send(operations.QuoteCreateDocument, {
        input: { invoiceId, asset: 'ETH', network: 'ETHEREUM' },
      });
      const { id: quoteId } = accepted(quoted.quoteCreate, 'Quote');
      const paid = await shop.send(operations.TestPaymentSimulateDocument, { input: { invoiceId, quoteId } });
      expect(accepted(paid.testPaymentSimulate, 'Invoice').status).toBe('PAID');
      await platform.mail.waitForMail((m) => /paid/i.test(m.parsed.subject ?? ''));

      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      await client.end();
      expect(Number.parseInt(rows[0]?.server_version ?? '', 10)).toBeLessThan(18);
    } finally {
      await platform.stop();
      await server.stop();
    }
  });
});
