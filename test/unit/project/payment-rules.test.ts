import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NETWORKS } from '../../../src/domain/chain/networks.ts';
import { pageSettings } from '../../../src/domain/project/page-settings.ts';
import {
  acceptedWays,
  basisPointsOf,
  FEWEST_CONFIRMATIONS,
  isAccepted,
  keptConfirmations,
  MOST_CONFIRMATIONS,
  percentOf,
  wayOf,
} from '../../../src/domain/project/payment-rules.ts';

describe('per cent', () => {
  test('are kept exactly', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (points) => {
        expect(basisPointsOf(percentOf(points))).toBe(points);
      }),
    );
  });

  test.each([
    ['1', 100],
    ['0.5', 50],
    ['0.05', 5],
    ['1.500', 150],
    ['0', 0],
    ['0.005', null],
    ['-1', null],
    ['1e2', null],
    ['', null],
    [' 1', null],
    ['1,5', null],
    ['1000', null],
  ])('%j are %j hundredths', (text, points) => {
    expect(basisPointsOf(text)).toBe(points);
  });
});

describe('the ways to pay', () => {
  test('are all when none is named, and only those that are', () => {
    const way = { asset: 'USDT', network: 'ETHEREUM' };
    expect(isAccepted([], way)).toBe(true);
    expect(isAccepted([wayOf(way)], way)).toBe(true);
    expect(isAccepted(['USDT/CRONOS', 'ETH/ETHEREUM'], way)).toBe(false);
  });

  test('leave out what the gateway no longer knows', () => {
    expect(acceptedWays(['BTC/BITCOIN', 'OLD/CHAIN', 'BTC/ETHEREUM'])).toEqual([
      { asset: 'BTC', network: 'BITCOIN' },
    ]);
    expect(keptConfirmations({ BITCOIN: 3, OLD: 5, ETHEREUM: '9' })).toEqual([
      { network: 'BITCOIN', blocks: 3 },
    ]);
  });
});

test('what a network asks for lies within what a project may ask for', () => {
  for (const { code, confirmations } of NETWORKS) {
    expect(FEWEST_CONFIRMATIONS[code]).toBeGreaterThanOrEqual(1);
    expect(confirmations).toBeGreaterThanOrEqual(FEWEST_CONFIRMATIONS[code]);
    expect(confirmations).toBeLessThanOrEqual(MOST_CONFIRMATIONS);
  }
});

test('a page has settings of the right kind, whatever is kept', () => {
  const kinds = (kept: unknown) =>
    Object.fromEntries(
      Object.entries(pageSettings(kept)).map(([name, value]) => [name, typeof (value ?? '')]),
    );
  const plain = kinds({});
  fc.assert(
    fc.property(fc.anything(), (kept) => {
      expect(kinds(kept)).toEqual(plain);
    }),
  );
  fc.assert(
    fc.property(
      fc.record({ title: fc.anything(), accentColor: fc.anything(), showMerchantName: fc.anything() }),
      (kept) => {
        expect(kinds(kept)).toEqual(plain);
      },
    ),
  );
});
