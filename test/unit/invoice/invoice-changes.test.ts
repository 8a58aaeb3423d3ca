import { expect, test } from 'vitest';
import { changeInvoice } from '../../../src/domain/invoice/invoice-change.ts';
import { changeInvoiceInTurn } from '../../../src/domain/invoice/invoice-changes.ts';
import { confirmed, NOW, openInvoice, transfer } from './invoice-model.ts';

const FULL = 100_000_000n;

test('several actions are one change, each on what the one before it left', () => {
  const change = changeInvoiceInTurn(openInvoice(), [transfer('a', FULL), confirmed('a')], NOW);
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
  const seen = changeInvoice(openInvoice(), transfer('a', FULL), NOW);
  expect(changeInvoiceInTurn(openInvoice(), [confirmed('b'), transfer('a', FULL)], NOW)).toEqual(seen);
  expect(changeInvoiceInTurn(openInvoice(), [transfer('a', FULL), transfer('a', FULL)], NOW)).toEqual(seen);
  expect(changeInvoiceInTurn(openInvoice(), [confirmed('b')], NOW)).toBeNull();
  expect(changeInvoiceInTurn(openInvoice(), [], NOW)).toBeNull();
});
