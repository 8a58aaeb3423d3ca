import { describe, expect, test } from 'vitest';
import {
  confirmed,
  EXPIRE,
  EXPIRY,
  FULL,
  HALF,
  later,
  openInvoice,
  orphaned,
  policies,
  QUOTE,
  resolved,
  seen,
  storyOf,
} from './story.ts';

const NO_RATES = { rateOf: () => null };
const SETTLED = { currency: 'USDC', rate: 5n * 10n ** 17n };

describe('fees and settlement (FEATURES E6)', () => {
  const invoice = openInvoice({
    quotes: [{ ...QUOTE, feeBasisPoints: 100, fixedFee: 5n, networkFee: 9n, settlement: SETTLED }],
  });
  const net = FULL - 1_000_000n - 14n;

  test('are those of the quote, whatever the schedule and the rates say by now', () => {
    const story = storyOf(invoice).next(seen('a', FULL));
    story.next(confirmed('a'), { rates: NO_RATES, fees: { basisPoints: 9_000, fixed: {}, network: {} } });
    expect(story.payment('a')).toMatchObject({
      fee: 1_000_005n,
      networkFee: 9n,
      settled: net / 2n,
      settledCurrency: 'USDC',
    });
    expect(story.books()).toEqual({
      'FEES USDT': 1_000_005n,
      'NETWORK_FEES USDT ETHEREUM': 9n,
      'CONVERSION USDT': net,
      'CONVERSION USDC': -(net / 2n),
      'AVAILABLE USDC': net / 2n,
      'CUSTODY USDT ETHEREUM': -FULL,
    });
    expect(story.next(orphaned('a')).books()).toEqual({});
  });

  test('take the fixed parts once a payment, though its surplus is released later', () => {
    const story = storyOf(invoice, { rules: policies({ overpaid: 'HOLD' }) });
    story
      .next(seen('a', FULL + HALF))
      .next(confirmed('a'))
      .next(resolved('a', 'CREDIT'));
    expect(story.payment('a')).toMatchObject({ credited: FULL + HALF, fee: 1_500_005n, networkFee: 9n });
    expect(story.payment('a').settled).toBe(net / 2n + (HALF - 500_000n) / 2n);
  });
});

describe('a rate that was locked (RULES 6)', () => {
  const first = { ...QUOTE, expiresAt: later(-300) };
  const dearer = { ...QUOTE, id: 'new', amount: 2n * FULL, createdAt: later(-290) };
  const story = () => storyOf(openInvoice({ quotes: [first, dearer] }));

  test('holds for what was sent in its time, though a new quote was asked for before it was seen', () => {
    const { quoteId } = story()
      .next(seen('a', FULL, { at: later(-301) }))
      .payment('a');
    expect(quoteId).toBe('usdt');
  });

  test('is that of the new quote from its beginning on, and of the first for a block that is dated before it', () => {
    expect(
      story()
        .next(seen('a', FULL, { at: later(-290) }))
        .payment('a').quoteId,
    ).toBe('new');
    expect(
      story()
        .next(seen('a', FULL, { at: later(-90_000) }))
        .payment('a').quoteId,
    ).toBe('usdt');
  });
});

describe('money without a rate', () => {
  const early = openInvoice({ quotes: [{ ...QUOTE, expiresAt: later(-300) }] });

  test('after its quote but in time is worth the rate of the moment, the spread taken off', () => {
    const story = storyOf(early, { rules: { rateSpreadBasisPoints: 100 } });
    story.next(seen('a', FULL, { at: later(-240) }));
    expect(story.payment('a')).toMatchObject({ exception: 'NONE', quoteId: 'usdt' });
    story.next(seen('b', FULL, { at: later(-239) }));
    expect(story.payment('b')).toMatchObject({ exception: 'NONE', quoteId: null });
    expect(story.payment('b').price?.rate).toBe(99n * 10n ** 16n);
    expect(story.invoice().amountSeen).toBe(10_000n + 9_900n);
  });

  test('does not count and is held, until there is a rate to credit it by', () => {
    const rules = { ...policies({ late: 'CREDIT' }), settlementCurrency: 'USDC' };
    const story = storyOf(early, { rules });
    story.next(seen('a', FULL, { at: later(-100) }), { rates: NO_RATES }).next(confirmed('a'));
    expect(story.state()).toBe('CREATED NONE');
    expect(story.payment('a')).toMatchObject({ exception: 'UNPRICED', heldReason: 'UNPRICED', held: FULL });
    expect(story.next(resolved('a', 'CREDIT'), { rates: NO_RATES }).told()).toEqual([]);
    expect(story.next(resolved('a', 'CREDIT')).payment('a')).toMatchObject({
      settled: HALF,
      settledCurrency: 'USDC',
    });
  });

  test('that comes late cannot be credited by the policy either', () => {
    const rules = { ...policies({ late: 'CREDIT' }), settlementCurrency: 'USDC' };
    const story = storyOf(openInvoice(), { rules }).next(EXPIRE, { now: EXPIRY });
    story.next(seen('a', FULL, { at: later(120) }), { rates: NO_RATES });
    story.next(confirmed('a'), { rates: NO_RATES });
    expect(story.payment('a')).toMatchObject({ exception: 'LATE', heldReason: 'UNPRICED', held: FULL });
  });
});
