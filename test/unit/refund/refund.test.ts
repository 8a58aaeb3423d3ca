import { describe, expect, test } from 'vitest';
import * as rebounds from '../../../src/domain/rebound/rebound.ts';
import * as refunds from '../../../src/domain/refund/refund.ts';

const AT = new Date('2026-11-21T12:00:00Z');
const LATER = new Date('2026-12-21T12:00:00Z');

describe('a refund', () => {
  const STATUSES = ['PENDING', 'PREPARED', 'SUCCEEDED', 'CANCELLED', 'FAILED'] as const;

  test.each([
    ['PENDING', ['PREPARED', 'CANCELLED']],
    ['PREPARED', ['SUCCEEDED', 'CANCELLED', 'FAILED']],
    ['SUCCEEDED', []],
    ['CANCELLED', []],
    ['FAILED', []],
  ] as const)('%s leads to %j', (from, to) => {
    expect(STATUSES.filter((status) => refunds.leadsTo(from, status))).toEqual(to);
  });

  test.each([
    ['PENDING', null, 'unclaimed'],
    ['PREPARED', null, 'unclaimed, claimed'],
    ['PREPARED', 'there', 'under way'],
    ['SUCCEEDED', 'there', ''],
    ['CANCELLED', null, ''],
    ['FAILED', 'there', ''],
  ] as const)('%s with address %s is %j', (status, address, can) => {
    const refund = { status, address, claimExpiresAt: LATER };
    const words = [
      refunds.isUnclaimed(refund) && 'unclaimed',
      refunds.canClaim(refund, AT) && 'claimed',
      refunds.isUnderWay(refund) && 'under way',
    ];
    expect(words.filter(Boolean).join(', ')).toBe(can);
  });

  test('is claimed until its link ends, and not at that moment', () => {
    const refund = { status: 'PREPARED', address: null, claimExpiresAt: LATER } as const;
    expect(refunds.canClaim(refund, new Date(LATER.getTime() - 1))).toBe(true);
    expect(refunds.canClaim(refund, LATER)).toBe(false);
    expect(refunds.canClaim({ ...refund, claimExpiresAt: null }, AT)).toBe(false);
  });

  test('stands against what was captured unless its money came back', () => {
    expect(STATUSES.filter((status) => refunds.stands({ status }))).toEqual([
      'PENDING',
      'PREPARED',
      'SUCCEEDED',
    ]);
  });
});

describe('a rebound', () => {
  const STATUSES = ['PENDING', 'WITHDRAW_REQUESTED', 'COMPLETED', 'REJECTED'] as const;

  test.each([
    ['PENDING', ['WITHDRAW_REQUESTED', 'REJECTED']],
    ['WITHDRAW_REQUESTED', ['COMPLETED', 'REJECTED']],
    ['COMPLETED', []],
    ['REJECTED', []],
  ] as const)('%s leads to %j', (from, to) => {
    expect(STATUSES.filter((status) => rebounds.leadsTo(from, status))).toEqual(to);
  });

  test('is the merchant’s to take back, and the payer’s to claim, while it is pending', () => {
    expect(STATUSES.filter((status) => rebounds.isUnclaimed({ status }))).toEqual(['PENDING']);
    expect(STATUSES.filter((status) => rebounds.canClaim({ status, claimExpiresAt: LATER }, AT))).toEqual([
      'PENDING',
    ]);
    expect(rebounds.canClaim({ status: 'PENDING', claimExpiresAt: AT }, AT)).toBe(false);
  });
});
