import { describe, expect, test } from 'vitest';
import {
  ACCEPT,
  CANCEL,
  CENT,
  confirmed,
  EXPIRE,
  EXPIRY,
  FULL,
  HALF,
  later,
  openInvoice,
  orphaned,
  policies,
  resolved,
  seen,
  storyOf,
  type Story,
} from './story.ts';

const CUSTODY = 'CUSTODY USDT ETHEREUM';

const paid = (amount: bigint, rules = {}, id = 'a'): Story =>
  storyOf(openInvoice(), { rules }).next(seen(id, amount)).next(confirmed(id));

describe('less than the price', () => {
  test('within the absolute threshold pays it, credited as it came', () => {
    const rules = { underpaidAmount: 200n, underpaidCurrency: 'USD' };
    const story = paid(FULL - 200n * CENT, rules);
    expect(story.state()).toBe('PAID PAID_WITHIN_THRESHOLD');
    expect(story.invoice()).toMatchObject({ accepted: 9_800n, amountPaid: 9_800n });
    expect(story.told()).toEqual(['payment.credited', 'invoice.paid']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': 98_000_000n, [CUSTODY]: -98_000_000n });
    expect(paid(FULL - 200n * CENT - 1n, rules).state()).toBe('PARTIAL NONE');
  });

  test('within the threshold in per cent pays it as well; the larger one holds', () => {
    const rules = { underpaidBasisPoints: 300, underpaidAmount: 200n, underpaidCurrency: 'USD' };
    expect(paid(FULL - 300n * CENT, rules).state()).toBe('PAID PAID_WITHIN_THRESHOLD');
    expect(paid(FULL - 301n * CENT, rules).state()).toBe('PARTIAL NONE');
  });

  test('is measured by no threshold of another currency, and by none that would make it free', () => {
    const other = { underpaidAmount: 200n, underpaidCurrency: 'EUR' };
    expect(paid(FULL - CENT, other).state()).toBe('PARTIAL NONE');
    const all = { underpaidAmount: 10_000n, underpaidCurrency: 'USD' };
    expect(paid(FULL - CENT, all).state()).toBe('PARTIAL NONE');
    expect(storyOf(openInvoice(), { rules: all }).next(EXPIRE, { now: EXPIRY }).state()).toBe(
      'CANCELED EXPIRED',
    );
  });

  test('that was paid by a threshold stays paid when the threshold goes', () => {
    const story = paid(FULL - CENT, { underpaidBasisPoints: 100 });
    story.next(seen('b', HALF)).next(confirmed('b'), { rules: { underpaidBasisPoints: 0 } });
    expect(story.state()).toBe('PAID PAID_WITHIN_THRESHOLD');
    expect(story.payment('b').exception).toBe('DUPLICATE');
  });

  test('can be accepted as it is, seen or confirmed', () => {
    const story = paid(HALF).next(ACCEPT);
    expect(story.state()).toBe('PAID PAID_PARTIAL_ACCEPTED');
    expect(story.invoice().accepted).toBe(5_000n);
    expect(story.told()).toEqual(['payment.credited', 'invoice.paid']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': HALF, [CUSTODY]: -HALF });

    const waiting = storyOf().next(seen('a', HALF)).next(ACCEPT);
    expect(waiting.state()).toBe('CONFIRMING NONE');
    expect(waiting.next(confirmed('a')).state()).toBe('PAID PAID_PARTIAL_ACCEPTED');
    expect(waiting.next(orphaned('a')).state()).toBe('CREATED NONE');
    expect(storyOf().next(ACCEPT).told()).toEqual([]);
  });

  test.each([
    ['HOLD', { 'HELD USDT': HALF, [CUSTODY]: -HALF }, ['payment.held']],
    ['CREDIT', { 'AVAILABLE USDT': HALF, [CUSTODY]: -HALF }, ['payment.credited']],
    ['REBOUND', { 'HELD USDT': HALF, [CUSTODY]: -HALF }, ['payment.held', 'payment.rebound_requested']],
  ] as const)('at the end is done with as the policy says: %s', (underpaid, books, told) => {
    const story = paid(HALF, policies({ underpaid })).next(EXPIRE, { now: EXPIRY });
    expect(story.state()).toBe('CANCELED EXPIRED');
    expect(story.told()).toEqual([...told, 'invoice.canceled']);
    expect(story.books()).toEqual(books);
  });

  test('that is confirmed only after the end follows the same policy', () => {
    const story = storyOf().next(seen('a', HALF)).next(EXPIRE, { now: EXPIRY }).next(confirmed('a'));
    expect(story.told()).toEqual(['payment.held']);
    expect(story.payment('a')).toMatchObject({ exception: 'NONE', held: HALF, heldReason: 'UNDERPAID' });
  });

  test('and sent back at the end pays nothing with what comes later', () => {
    const back = paid(HALF, policies({ underpaid: 'REBOUND' })).next(EXPIRE, { now: EXPIRY });
    const late = (story: Story): Story =>
      story.next(seen('b', HALF), { now: later(120) }).next(confirmed('b'), { now: later(180) });
    expect(late(back).state()).toBe('CANCELED EXPIRED');

    const refunded = storyOf(openInvoice({ refunded: 1n }), { rules: policies({ underpaid: 'CREDIT' }) });
    refunded.next(seen('a', HALF)).next(confirmed('a')).next(EXPIRE, { now: EXPIRY });
    expect(late(refunded).state()).toBe('CANCELED EXPIRED');
  });
});

describe('more than the price', () => {
  test('is credited whole by the policy CREDIT', () => {
    const story = paid(FULL + HALF, policies({ overpaid: 'CREDIT' }));
    expect(story.state()).toBe('OVERPAID NONE');
    expect(story.told()).toEqual(['payment.credited', 'invoice.overpaid']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': FULL + HALF, [CUSTODY]: -FULL - HALF });
  });

  test.each([
    ['HOLD', 'NONE', ['payment.credited', 'payment.held']],
    ['REBOUND', 'REBOUND', ['payment.credited', 'payment.held', 'payment.rebound_requested']],
  ] as const)('by the policy %s keeps the surplus apart', (overpaid, decision, told) => {
    const story = paid(FULL + HALF, policies({ overpaid }));
    expect(story.told()).toEqual([...told, 'invoice.overpaid']);
    expect(story.payment('a')).toMatchObject({
      status: 'CREDITED',
      credited: FULL,
      held: HALF,
      heldReason: 'OVERPAID',
      decision,
    });
    expect(story.books()).toEqual({ 'AVAILABLE USDT': FULL, 'HELD USDT': HALF, [CUSTODY]: -FULL - HALF });
    expect(story.next(orphaned('a')).books()).toEqual({});
  });

  test('comes from the payment that was not needed any more', () => {
    const story = storyOf(openInvoice(), { rules: policies({ overpaid: 'HOLD' }) });
    story.next(seen('a', FULL)).next(seen('b', HALF)).next(confirmed('a')).next(confirmed('b'));
    expect(story.state()).toBe('OVERPAID NONE');
    expect(story.payment('a')).toMatchObject({ credited: FULL, held: 0n });
    expect(story.payment('b')).toMatchObject({ status: 'CONFIRMED', credited: 0n, held: HALF });
  });

  test('is set aside once, when the first of two payments is taken back and comes again', () => {
    const story = storyOf(openInvoice(), { rules: policies({ overpaid: 'HOLD' }) });
    const most = FULL - 20_000_000n;
    story.next(seen('a', most)).next(seen('b', most)).next(confirmed('a')).next(confirmed('b'));
    expect(story.payment('b')).toMatchObject({ credited: 20_000_000n, held: most - 20_000_000n });
    story.next(orphaned('a')).next(seen('a', most)).next(confirmed('a'));
    expect(story.books()).toMatchObject({ 'AVAILABLE USDT': FULL, 'HELD USDT': most - 20_000_000n });
  });
});

describe('money that comes late', () => {
  const expired = (rules = {}): Story => storyOf(openInvoice(), { rules }).next(EXPIRE, { now: EXPIRY });
  const arrives = (story: Story, amount: bigint, at = later(120), id = 'a'): Story =>
    story.next(seen(id, amount, { at }), { now: at }).next(confirmed(id), { now: at });

  test.each([
    ['HOLD', ['payment.held'], { 'HELD USDT': FULL }],
    ['CREDIT', ['payment.credited'], { 'AVAILABLE USDT': FULL }],
    ['REBOUND', ['payment.held', 'payment.rebound_requested'], { 'HELD USDT': FULL }],
  ] as const)('follows the policy %s, and is told once', (late, told, books) => {
    const story = arrives(expired(policies({ late })), FULL);
    expect(story.state()).toBe('CANCELED PAID_LATE');
    expect(story.told()).toEqual([...told, 'invoice.paid_late']);
    expect(story.books()).toEqual({ ...books, [CUSTODY]: -FULL });
    expect(story.invoice()).toMatchObject({ amountPaid: 0n, paidAt: null });
    expect(story.payment('a')).toMatchObject({ exception: 'LATE', quoteId: null });
    expect(arrives(story, FULL, later(180), 'b').told()).toEqual(told);
  });

  test('is worth the rate of its moment, not that of the quote', () => {
    const rates = { rateOf: () => ({ scaled: 5n * 10n ** 17n, source: 'table', at: EXPIRY }) };
    const story = expired();
    story.next(seen('a', FULL, { at: later(120) }), { now: later(120), rates }).next(confirmed('a'));
    expect(story.state()).toBe('CANCELED EXPIRED');
    expect(story.payment('a').price).toMatchObject({ rate: 5n * 10n ** 17n, source: 'table' });
  });

  test('makes the price full together with what came in time', () => {
    const story = paid(HALF).next(EXPIRE, { now: EXPIRY });
    expect(arrives(story, HALF, later(120), 'b').state()).toBe('CANCELED PAID_LATE');
  });

  test('is held after the monitoring period, whatever the policy', () => {
    const rules = { ...policies({ late: 'CREDIT' }), monitoringSeconds: 3600 };
    expect(arrives(expired(rules), FULL, later(3600)).payment('a').credited).toBe(FULL);
    expect(arrives(expired(rules), FULL, later(3601)).payment('a')).toMatchObject({
      credited: 0n,
      held: FULL,
    });
  });

  test('is late by the time of its block, even before the end is noticed; then both are told', () => {
    const inTime = arrives(storyOf(), FULL, later(60));
    expect(inTime.state()).toBe('PAID NONE');
    const story = arrives(storyOf(), FULL, later(61));
    expect(story.state()).toBe('CREATED NONE');
    story.next(EXPIRE, { now: later(62) });
    expect(story.state()).toBe('CANCELED PAID_LATE');
    expect(story.told()).toEqual(['invoice.canceled', 'invoice.paid_late']);
  });
});

describe('money that nobody waits for', () => {
  test.each([
    ['HOLD', { held: FULL, credited: 0n, decision: 'NONE' }],
    ['CREDIT', { held: 0n, credited: FULL, decision: 'NONE' }],
    ['REBOUND', { held: FULL, credited: 0n, decision: 'REBOUND' }],
  ] as const)('after payment is a duplicate: %s', (duplicate, parts) => {
    const story = paid(FULL, policies({ duplicate })).next(seen('b', FULL)).next(confirmed('b'));
    expect(story.state()).toBe('PAID NONE');
    expect(story.invoice().amountPaid).toBe(10_000n);
    expect(story.payment('b')).toMatchObject({ exception: 'DUPLICATE', ...parts });
    expect(story.told()).not.toContain('invoice.overpaid');
  });

  test.each([
    ['HOLD', { held: FULL, credited: 0n }],
    ['CREDIT', { held: 0n, credited: FULL }],
  ] as const)('after it was cancelled follows the policy for late money: %s', (late, parts) => {
    const story = storyOf(openInvoice(), { rules: policies({ late }) }).next(CANCEL);
    story.next(seen('a', FULL)).next(confirmed('a'));
    expect(story.state()).toBe('CANCELED CANCELLED');
    expect(story.payment('a')).toMatchObject({ exception: 'AFTER_CANCEL', ...parts });
  });

  test('in an asset that nobody asked for is held, whatever the policies', () => {
    const rules = policies({ late: 'CREDIT', duplicate: 'CREDIT', overpaid: 'CREDIT', underpaid: 'CREDIT' });
    const story = storyOf(openInvoice(), { rules });
    story.next(seen('a', 1_000n, { asset: 'BTC', network: 'BITCOIN' })).next(confirmed('a'));
    expect(story.state()).toBe('CREATED NONE');
    expect(story.payment('a')).toMatchObject({
      exception: 'WRONG_ASSET',
      heldReason: 'WRONG_ASSET',
      held: 1_000n,
    });
    expect(story.books()).toEqual({ 'HELD BTC': 1_000n, 'CUSTODY BTC BITCOIN': -1_000n });
  });
});

describe('held money', () => {
  const held = (): Story => paid(FULL).next(seen('b', HALF)).next(confirmed('b'));

  test('is credited by a decision, with the fees of the moment', () => {
    const fees = { basisPoints: 100, fixed: { USDT: 7n }, network: { 'USDT/ETHEREUM': 11n } };
    const story = held().next(resolved('b', 'CREDIT'), { fees });
    expect(story.told()).toEqual(['payment.credited']);
    expect(story.posted().at(-1)).toBe('b/1 RELEASED');
    expect(story.payment('b')).toMatchObject({ credited: HALF, held: 0n, fee: 500_007n, networkFee: 11n });
    expect(story.books()).toEqual({
      'AVAILABLE USDT': FULL + HALF - 500_018n,
      'FEES USDT': 500_007n,
      'NETWORK_FEES USDT ETHEREUM': 11n,
      [CUSTODY]: -FULL - HALF,
    });
    expect(story.next(resolved('b', 'CREDIT')).told()).toEqual([]);
  });

  test('is marked to go back, and can still be credited until it does', () => {
    const story = held().next(resolved('b', 'REBOUND'));
    expect(story.told()).toEqual(['payment.rebound_requested']);
    expect(story.payment('b')).toMatchObject({ held: HALF, decision: 'REBOUND' });
    expect(story.next(resolved('b', 'REBOUND')).told()).toEqual([]);
    expect(story.next(resolved('b', 'CREDIT')).payment('b')).toMatchObject({ held: 0n, decision: 'NONE' });
  });

  test('is there to decide on only where some is held', () => {
    expect(paid(FULL).next(resolved('a', 'CREDIT')).told()).toEqual([]);
    expect(held().next(resolved('c', 'REBOUND')).told()).toEqual([]);
  });

  test('of a payment that is taken back goes with it', () => {
    expect(held().next(orphaned('b')).books()).toEqual({ 'AVAILABLE USDT': FULL, [CUSTODY]: -FULL });
  });
});
