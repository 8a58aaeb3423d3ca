import { expect, test } from 'vitest';
import { changeInvoice } from '../../../src/domain/invoice/invoice-change.ts';
import { changeInvoiceInTurn } from '../../../src/domain/invoice/invoice-changes.ts';
import { confirmed, contextOf, FULL, HALF, NOW, openInvoice, orphaned, seen } from './story.ts';

const context = contextOf();

test('several actions are one change, each on what the one before it left', () => {
  const change = changeInvoiceInTurn(openInvoice(), [seen('a', FULL), confirmed('a')], context);
  expect(change?.invoice).toMatchObject({ status: 'PAID', amountPaid: 10_000n, paidAt: NOW });
  expect(change?.payments).toMatchObject([{ id: 'a', status: 'CREDITED' }]);
  expect(change?.entries.map((entry) => entry.kind)).toEqual(['DETECTED', 'CREDITED']);
  expect(change?.events.map((event) => event.type)).toEqual([
    'payment.detected',
    'invoice.confirming',
    'payment.credited',
    'invoice.paid',
  ]);
});

test('an action that changes nothing is passed over', () => {
  const first = changeInvoice(openInvoice(), seen('a', FULL), context);
  expect(changeInvoiceInTurn(openInvoice(), [confirmed('b'), seen('a', FULL)], context)).toEqual(first);
  expect(changeInvoiceInTurn(openInvoice(), [seen('a', FULL), seen('a', FULL)], context)).toEqual(first);
  expect(changeInvoiceInTurn(openInvoice(), [confirmed('b')], context)).toBeNull();
  expect(changeInvoiceInTurn(openInvoice(), [], context)).toBeNull();
});

test('debts are counted once for all of it: what one action makes available bears the next reversal', () => {
  const paid = changeInvoiceInTurn(
    openInvoice(),
    [seen('a', HALF), seen('b', HALF), confirmed('a')],
    context,
  );
  const change = changeInvoiceInTurn(
    paid?.invoice ?? openInvoice(),
    [confirmed('b'), orphaned('a'), orphaned('b')],
    { ...context, balances: { available: () => 0n, owed: () => 10n } },
  );
  const ofMerchant = change?.entries.flatMap(({ postings }) =>
    postings
      .filter(({ account }) => account.kind === 'AVAILABLE' || account.kind === 'OWED')
      .map(({ account, amount }) => `${account.kind} ${amount}`),
  );
  expect(ofMerchant).toEqual([
    `AVAILABLE ${HALF - 10n}`,
    'OWED 10',
    `AVAILABLE ${HALF}`,
    `AVAILABLE -${HALF}`,
    `AVAILABLE -${HALF - 10n}`,
    'OWED -10',
  ]);
});
