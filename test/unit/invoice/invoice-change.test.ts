import { describe, expect, test } from 'vitest';
import {
  ACCEPT,
  CANCEL,
  CENT,
  confirmed,
  ETHER_QUOTE,
  EXPIRE,
  EXPIRY,
  FULL,
  HALF,
  inEther,
  later,
  NOW,
  openInvoice,
  orphaned,
  policies,
  pooled,
  seen,
  storyOf,
} from './story.ts';

describe('an invoice that is paid', () => {
  test('goes from a seen payment over confirmations to paid', () => {
    const story = storyOf().next(seen('a', FULL));
    expect(story.state()).toBe('CONFIRMING NONE');
    expect(story.told()).toEqual(['payment.detected', 'invoice.confirming']);
    expect(story.books()).toEqual({ 'PENDING USDT': FULL, 'INCOMING USDT ETHEREUM': -FULL });

    story.next(confirmed('a'));
    expect(story.state()).toBe('PAID NONE');
    expect(story.invoice()).toMatchObject({ amountSeen: 10_000n, amountPaid: 10_000n, paidAt: NOW });
    expect(story.told()).toEqual(['payment.credited', 'invoice.paid']);
    expect(story.posted()).toEqual(['a/1 DETECTED', 'a/1 CREDITED']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': FULL, 'CUSTODY USDT ETHEREUM': -FULL });
  });

  test('in two transfers credits the first when the second is there as well', () => {
    const story = storyOf().next(seen('a', HALF)).next(confirmed('a'));
    expect(story.state()).toBe('PARTIAL NONE');
    expect(story.told()).toEqual(['payment.confirmed']);
    expect(story.posted()).toEqual(['a/1 DETECTED']);

    story.next(seen('b', HALF)).next(confirmed('b'));
    expect(story.state()).toBe('PAID NONE');
    expect(story.told()).toEqual(['payment.credited', 'payment.credited', 'invoice.paid']);
    expect(story.posted()).toEqual(['a/1 DETECTED', 'b/1 DETECTED', 'a/1 CREDITED', 'b/1 CREDITED']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': FULL, 'CUSTODY USDT ETHEREUM': -FULL });
  });

  test('adds up payments in different assets', () => {
    const story = storyOf().next(seen('a', HALF)).next(inEther('b', 25_000_000_000_000_000n));
    expect(story.state()).toBe('CONFIRMING NONE');
    expect(story.invoice().amountSeen).toBe(10_000n);
  });

  test('adds up the dust of one quote before it rounds', () => {
    const story = storyOf()
      .next(seen('a', FULL - CENT / 2n))
      .next(seen('b', CENT / 2n));
    expect(story.state()).toBe('CONFIRMING NONE');
  });

  test('is overpaid by a surplus of one minor unit, not by dust', () => {
    const dust = storyOf()
      .next(seen('a', FULL + CENT - 1n))
      .next(confirmed('a'));
    expect(dust.state()).toBe('PAID NONE');
    const surplus = storyOf()
      .next(seen('a', FULL + CENT))
      .next(confirmed('a'));
    expect(surplus.state()).toBe('OVERPAID NONE');
  });

  test('of a coin with more than eight digits takes less than the eighth for dust', () => {
    const quotes = [{ ...ETHER_QUOTE, price: 10n ** 18n, amount: 10n ** 18n }];
    const invoice = openInvoice({ currency: 'ETH', amount: 10n ** 18n, quotes });
    const stateAfter = (amount: bigint): string =>
      storyOf(invoice).next(inEther('a', amount)).next(confirmed('a')).state();
    expect(stateAfter(10n ** 18n - 1n)).toBe('PARTIAL NONE');
    expect(stateAfter(10n ** 18n + 10n ** 10n - 1n)).toBe('PAID NONE');
    expect(stateAfter(10n ** 18n + 10n ** 10n)).toBe('OVERPAID NONE');
  });

  test('changes nothing for what it knows already', () => {
    const story = storyOf().next(seen('a', FULL)).next(confirmed('a'));
    const before = story.invoice();
    for (const action of [
      seen('a', FULL),
      confirmed('a'),
      orphaned('a', '0x2'),
      confirmed('unknown'),
      CANCEL,
      EXPIRE,
      ACCEPT,
    ]) {
      story.next(action, { now: later(3600) });
      expect(story.told()).toEqual([]);
      expect(story.invoice()).toBe(before);
    }
  });
});

describe('a flood of dust', () => {
  test('costs each further payment a few looks at every one, not at every pair', () => {
    const dust = storyOf().next(seen('dust', 1n)).next(confirmed('dust')).payment('dust');
    let looks = 0;
    const payments = Array.from({ length: 500 }, (_, n) => ({
      ...dust,
      get id() {
        looks += 1;
        return `dust-${n}`;
      },
      txId: `0xdust-${n}`,
    }));
    const story = storyOf(openInvoice({ payments }), { rules: policies({ overpaid: 'HOLD' }) });
    story.next(seen('a', 2n * FULL));
    expect(looks).toBeLessThan(10_000);
    expect(story.next(confirmed('a')).state()).toBe('OVERPAID NONE');
    expect(looks).toBeLessThan(20_000);
    expect(story.payment('a').held).toBe(FULL + 500n);
  });
});

describe('an invoice that ends', () => {
  test('does not expire early, nor while its money is on the way', () => {
    expect(
      storyOf()
        .next(EXPIRE, { now: later(-1) })
        .state(),
    ).toBe('CREATED NONE');
    expect(storyOf().next(EXPIRE, { now: EXPIRY }).state()).toBe('CANCELED EXPIRED');
    expect(
      storyOf()
        .next(seen('a', FULL))
        .next(EXPIRE, { now: later(3600) })
        .state(),
    ).toBe('CONFIRMING NONE');
  });

  test('waits an hour for a mined payment that a reorg took away, and not for one that was replaced', () => {
    const reorg = storyOf().next(seen('a', FULL)).next(orphaned('a'), { now: EXPIRY });
    expect(reorg.next(EXPIRE, { now: later(3599) }).state()).toBe('CREATED NONE');
    expect(reorg.next(EXPIRE, { now: later(3600) }).state()).toBe('CANCELED EXPIRED');

    const replaced = storyOf().next(pooled('a', FULL)).next(orphaned('a', null), { now: EXPIRY });
    expect(replaced.next(EXPIRE, { now: EXPIRY }).state()).toBe('CANCELED EXPIRED');
  });

  test('can be cancelled while it is not covered, for good', () => {
    const story = storyOf().next(seen('a', HALF)).next(CANCEL);
    expect(story.state()).toBe('CANCELED CANCELLED');
    expect(story.told()).toEqual(['invoice.canceled']);
    story
      .next(CANCEL)
      .next(EXPIRE, { now: later(1) })
      .next(orphaned('a'));
    expect(story.state()).toBe('CANCELED CANCELLED');
    expect(story.told()).toEqual(['payment.orphaned']);
    expect(storyOf().next(seen('a', FULL)).next(CANCEL).state()).toBe('CONFIRMING NONE');
  });

  test('is paid instead, when loosened rules call what is there enough', () => {
    const story = storyOf().next(seen('a', HALF)).next(confirmed('a'));
    story.next(EXPIRE, { now: EXPIRY, rules: { underpaidBasisPoints: 5_000 } });
    expect(story.state()).toBe('PAID PAID_WITHIN_THRESHOLD');
    expect(story.told()).toEqual(['payment.credited', 'invoice.paid']);
  });
});

describe('a payment that the chain takes back', () => {
  test('is worth what it moves when it comes again', () => {
    const story = storyOf().next(seen('a', FULL)).next(orphaned('a'));
    story.next(seen('a', ETHER_QUOTE.amount / 2n, { asset: 'ETH', blockHash: '0x2' }));
    expect(story.payment('a')).toMatchObject({ asset: 'ETH', quoteId: 'eth', sighting: 2 });
    expect(story.invoice().amountSeen).toBe(5_000n);
    expect(story.next(orphaned('a', '0x2')).books()).toEqual({});
  });

  test('before it is confirmed undoes what was expected, and leads forward again when it returns', () => {
    const story = storyOf().next(seen('a', FULL)).next(orphaned('a'));
    expect(story.state()).toBe('CREATED NONE');
    expect(story.told()).toEqual(['payment.orphaned', 'invoice.reopened']);
    expect(story.books()).toEqual({});

    story.next(seen('a', FULL, { blockHash: '0x2', blockHeight: 2n })).next(confirmed('a', '0x2'));
    expect(story.state()).toBe('PAID NONE');
    expect(story.posted()).toEqual(['a/1 DETECTED', 'a/1 ORPHANED', 'a/2 DETECTED', 'a/2 CREDITED']);
  });

  test('after it was credited is taken back by a compensating posting, and paid is paid no longer', () => {
    const story = storyOf().next(seen('a', FULL)).next(confirmed('a')).next(orphaned('a'));
    expect(story.state()).toBe('CREATED NONE');
    expect(story.told()).toEqual(['payment.reversed', 'invoice.reopened']);
    expect(story.posted()).toEqual(['a/1 DETECTED', 'a/1 CREDITED', 'a/1 REVERSED']);
    expect(story.books()).toEqual({});
    expect(story.invoice()).toMatchObject({ amountPaid: 0n, amountSeen: 0n, paidAt: null });
    expect(story.payment('a')).toMatchObject({
      status: 'ORPHANED',
      credited: 0n,
      settled: 0n,
      orphanedAt: NOW,
    });
  });

  test('keeps its price and counts again, however late it comes back', () => {
    const story = storyOf().next(seen('a', FULL)).next(orphaned('a'), { now: EXPIRY });
    story.next(seen('a', FULL, { blockHash: '0x2', at: later(600) }), { now: later(600) });
    expect(story.payment('a')).toMatchObject({ exception: 'NONE', quoteId: 'usdt', sighting: 2 });
    expect(story.state()).toBe('CONFIRMING NONE');
  });

  test('of two leaves the other, and the invoice is partly paid', () => {
    const story = storyOf()
      .next(seen('a', HALF))
      .next(confirmed('a'))
      .next(seen('b', HALF))
      .next(confirmed('b'));
    story.next(orphaned('a'));
    expect(story.state()).toBe('PARTIAL NONE');
    expect(story.told()).toEqual(['payment.reversed', 'invoice.partially_paid']);
    expect(story.books()).toEqual({ 'AVAILABLE USDT': HALF, 'CUSTODY USDT ETHEREUM': -HALF });
  });

  test('is no longer what it was when it stands in another block', () => {
    const story = storyOf().next(pooled('a', FULL));
    expect(story.payment('a').status).toBe('DETECTED');
    story.next(seen('a', FULL));
    expect(story.told()).toEqual(['payment.confirming']);
    story.next(orphaned('a', null));
    expect(story.told()).toEqual([]);
    story.next(confirmed('a', '0x2'));
    expect(story.payment('a').status).toBe('CONFIRMING');
  });

  test('replaced by fee in the memory pool gives way to its replacement', () => {
    const story = storyOf().next(pooled('a', FULL)).next(orphaned('a', null)).next(pooled('b', FULL));
    expect(story.state()).toBe('CONFIRMING NONE');
    story.next(seen('b', FULL)).next(confirmed('b'));
    expect(story.state()).toBe('PAID NONE');
    expect(story.books()).toEqual({ 'AVAILABLE USDT': FULL, 'CUSTODY USDT ETHEREUM': -FULL });
  });

  test('whose money is spent leaves a debt, which the next money pays back', () => {
    const story = storyOf(openInvoice(), {
      rules: { policies: { underpaid: 'HOLD', overpaid: 'CREDIT', late: 'CREDIT', duplicate: 'CREDIT' } },
    });
    story.next(seen('a', FULL)).next(confirmed('a'));
    const spent = storyOf(story.invoice()).next(orphaned('a'));
    expect(spent.books()).toEqual({ 'OWED USDT': -FULL, 'CUSTODY USDT ETHEREUM': FULL });
    spent.next(seen('b', FULL + HALF)).next(confirmed('b'));
    expect(spent.books()).toEqual({ 'AVAILABLE USDT': HALF, 'CUSTODY USDT ETHEREUM': -HALF });
  });
});
