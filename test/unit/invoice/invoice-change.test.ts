import { describe, expect, test } from 'vitest';
import { changeInvoice } from '../../../src/domain/invoice/invoice-change.ts';
import { confirmed, NOW, openInvoice, orphaned, run, transfer, type Run } from './invoice-model.ts';

const state = ({ invoice }: Run) => [invoice.status, invoice.exception];
const told = ({ changes }: Run) => changes.flatMap((c) => c.events.map((e) => e.type));
const booked = ({ changes }: Run) => changes.flatMap((c) => c.entries.map((e) => `${e.sourceId} ${e.kind}`));

const FULL = 100_000_000n;
const HALF = 50_000_000n;

describe('an invoice', () => {
  test('goes from a seen payment over confirmations to paid', () => {
    const seen = run([transfer('a', FULL)]);
    expect(state(seen)).toEqual(['CONFIRMING', 'NONE']);
    expect(told(seen)).toEqual(['payment.detected', 'invoice.confirming']);

    const paid = run([transfer('a', FULL), confirmed('a')]);
    expect(state(paid)).toEqual(['PAID', 'NONE']);
    expect(paid.invoice).toMatchObject({ amountSeen: 10_000n, amountPaid: 10_000n, paidAt: NOW });
    expect(told(paid).slice(2)).toEqual(['payment.credited', 'invoice.paid']);
    expect(booked(paid)).toEqual(['a/1 DETECTED', 'a/1 CREDITED']);
  });

  test('credits a confirmed part only when the rest is there as well', () => {
    const part = run([transfer('a', HALF), confirmed('a')]);
    expect(state(part)).toEqual(['PARTIAL', 'NONE']);
    expect(booked(part)).toEqual(['a/1 DETECTED']);
    expect(told(part)).toEqual(['payment.detected', 'invoice.partially_paid', 'payment.confirmed']);

    const whole = run([transfer('a', HALF), confirmed('a'), transfer('b', HALF), confirmed('b')]);
    expect(state(whole)).toEqual(['PAID', 'NONE']);
    expect(booked(whole).toSorted()).toEqual([
      'a/1 CREDITED',
      'a/1 DETECTED',
      'b/1 CREDITED',
      'b/1 DETECTED',
    ]);
  });

  test('adds up payments in different assets', () => {
    const both = run([transfer('a', HALF), transfer('b', 25_000_000_000_000_000n, 'eth')]);
    expect(state(both)).toEqual(['CONFIRMING', 'NONE']);
  });

  test('is overpaid by a surplus of one minor unit, not by dust', () => {
    expect(state(run([transfer('a', FULL + 9_999n), confirmed('a')]))).toEqual(['PAID', 'NONE']);
    expect(state(run([transfer('a', FULL + 10_000n), confirmed('a')]))).toEqual(['OVERPAID', 'NONE']);
  });

  test('goes back when a reorg takes the payment away, and forward when it comes again', () => {
    const back = run([transfer('a', FULL), orphaned('a')]);
    expect(state(back)).toEqual(['CREATED', 'NONE']);
    expect(told(back).slice(2)).toEqual(['payment.orphaned', 'invoice.reopened']);

    const same = run([transfer('a', FULL), orphaned('a'), transfer('a', FULL), confirmed('a')]);
    expect(state(same)).toEqual(['PAID', 'NONE']);
    expect(booked(same)).toEqual(['a/1 DETECTED', 'a/1 ORPHANED', 'a/2 DETECTED', 'a/2 CREDITED']);
  });

  test('changes nothing for what it knows already', () => {
    const { invoice } = run([transfer('a', FULL), confirmed('a')]);
    for (const action of [transfer('a', FULL), confirmed('a'), orphaned('a'), confirmed('unknown')]) {
      expect(changeInvoice(invoice, action, NOW)).toBeNull();
    }
    expect(changeInvoice(invoice, { type: 'CANCEL' }, NOW)).toBeNull();
    expect(changeInvoice(invoice, { type: 'EXPIRE' }, invoice.expiresAt)).toBeNull();
  });

  test('does not expire early, nor while its money is on the way', () => {
    expect(changeInvoice(openInvoice(), { type: 'EXPIRE' }, NOW)).toBeNull();
    const { invoice } = run([transfer('a', FULL)]);
    expect(changeInvoice(invoice, { type: 'EXPIRE' }, invoice.expiresAt)).toBeNull();
  });

  test('that expired with a confirmed part holds it', () => {
    const expired = run([transfer('a', HALF), confirmed('a'), { type: 'EXPIRE' }]);
    expect(state(expired)).toEqual(['CANCELED', 'EXPIRED']);
    expect(booked(expired)).toEqual(['a/1 DETECTED', 'a/1 HELD']);
    expect(told(expired).slice(-2)).toEqual(['payment.held', 'invoice.canceled']);
  });

  test('that expired and is fully paid afterwards stays expired, holds the money and says PAID_LATE once', () => {
    const late = run([
      { type: 'EXPIRE' },
      transfer('a', FULL),
      confirmed('a'),
      transfer('b', FULL),
      confirmed('b'),
    ]);
    expect(state(late)).toEqual(['CANCELED', 'PAID_LATE']);
    expect(late.invoice).toMatchObject({ amountPaid: 0n, paidAt: null });
    expect(told(late).filter((type) => type === 'invoice.paid_late')).toHaveLength(1);
    expect(booked(late)).toEqual(['a/1 DETECTED', 'a/1 HELD', 'b/1 DETECTED', 'b/1 HELD']);
    expect(late.invoice.payments.map((p) => p.exception)).toEqual(['LATE', 'LATE']);
  });

  test('that is paid holds a duplicate instead of merging it', () => {
    const twice = run([transfer('a', FULL), confirmed('a'), transfer('b', FULL), confirmed('b')]);
    expect(state(twice)).toEqual(['PAID', 'NONE']);
    expect(twice.invoice.amountPaid).toBe(10_000n);
    expect(booked(twice).slice(2)).toEqual(['b/1 DETECTED', 'b/1 HELD']);
    expect(twice.invoice.payments.at(-1)).toMatchObject({ exception: 'DUPLICATE', status: 'CONFIRMED' });
  });

  test('that two payments covered before it was paid becomes overpaid with the second', () => {
    const over = run([transfer('a', FULL), transfer('b', HALF), confirmed('a'), confirmed('b')]);
    expect(state(over)).toEqual(['OVERPAID', 'NONE']);
    expect(told(over).slice(-4)).toEqual([
      'payment.credited',
      'invoice.paid',
      'payment.credited',
      'invoice.overpaid',
    ]);
  });

  test('that was cancelled holds what comes later', () => {
    const cancelled = run([{ type: 'CANCEL' }, transfer('a', FULL), confirmed('a')]);
    expect(state(cancelled)).toEqual(['CANCELED', 'CANCELLED']);
    expect(cancelled.invoice.payments).toMatchObject([{ exception: 'AFTER_CANCEL', status: 'CONFIRMED' }]);
    expect(booked(cancelled)).toEqual(['a/1 DETECTED', 'a/1 HELD']);
  });
});
