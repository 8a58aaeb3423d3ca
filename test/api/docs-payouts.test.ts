import { afterAll, expect, test } from 'vitest';
import { extractSnippets } from '../testkit/doc-snippets.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { make } from './api-key/key-shop.ts';
import { paidInvoice } from './refund/refund-shop.ts';

const kit = usePlatform();
const snippets = extractSnippets('payouts.md');
afterAll(() => snippets.remove());

test('docs/payouts.md: its program pays out, repeats, calls off and gives back', async () => {
  expect(snippets.names).toEqual(['payouts.ts']);
  const shop = await openShop(kit, 'ada@shop.example');
  const invoiceId = await paidInvoice(shop.test, { customerEmail: 'payer@mail.example' });
  const { secret } = await make(shop.owner, {
    projectId: shop.projectId,
    scopes: ['PAYOUT_READ', 'PAYOUT_WRITE', 'INVOICE_READ'],
  });
  const program = snippets.start('payouts.ts', {
    GATEWAY_URL: kit.platform.url,
    API_KEY: secret,
    INVOICE_ID: invoiceId,
  });
  await program.line('refund: PREPARED 10.00');
  expect(program.lines).toEqual([
    'would take 20.000000, covered: true',
    'QUEUED, made once: true',
    'too much: BALANCE_SHORT',
    'rows: made, INVALID_INPUT',
    'the first row: CANCELLED',
    'simulated: CONFIRMED',
    'found: 1',
    'refund: PREPARED 10.00',
  ]);
  expect(await program.ended).toBe(0);
});
