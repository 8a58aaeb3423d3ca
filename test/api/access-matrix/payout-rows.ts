import { row, type Matrix } from './rows.ts';
import { right, type Who } from './who.ts';
import { rowId, type World } from './world.ts';

type Asked = 'payout:read' | 'payout:write';

/** A member of the merchant as a whole, or a key of that mode: it asks about its own project, whichever that is. */
const inLive = (asked: Asked): Who => ({ allOf: [right(asked, 'LIVE'), right(asked, 'merchant')] });
const inTest =
  (asked: Asked) =>
  (w: World): Who => ({
    allOf: [
      { anyOf: [right(asked, 'TEST'), right(asked, { project: rowId(w.otherProjectId) })] },
      right(asked, 'merchant'),
    ],
  });

/** What a person asked for on behalf of the merchant is no key's and no restricted member's to see. */
export const OF_MERCHANT: Who = { allOf: ['USER', right('payout:read', 'merchant')] };

/** What is decided on a payout that has ended. */
const decision = (w: World) => ({ input: { payoutId: w.testPayoutId, revision: 0 } });

/** Payouts. */
export const PAYOUT_ROWS: Matrix<World> = {
  nodes: {
    Payout: [
      { id: (w) => w.testPayoutId, who: right('payout:read', 'TEST') },
      { id: (w) => w.livePayoutId, who: right('payout:read', 'LIVE') },
      { id: (w) => w.testMerchantPayoutId, who: OF_MERCHANT },
      { id: (w) => w.liveMerchantPayoutId, who: OF_MERCHANT },
    ],
  },
  fields: {
    'Query.payout': [
      row(right('payout:read', 'TEST'), (w) => ({ id: w.testPayoutId })),
      row(right('payout:read', 'LIVE'), (w) => ({ id: w.livePayoutId })),
      row(OF_MERCHANT, (w) => ({ id: w.testMerchantPayoutId })),
      row(OF_MERCHANT, (w) => ({ id: w.liveMerchantPayoutId })),
    ],
    'Query.payouts': [
      row(inTest('payout:read'), (w) => ({ merchantId: w.merchantId, mode: 'TEST' })),
      row(inLive('payout:read'), (w) => ({ merchantId: w.merchantId, mode: 'LIVE' })),
    ],
    'Query.payoutPreview': row(inTest('payout:write'), (w) => ({
      input: { merchantId: w.merchantId, mode: 'TEST', currency: 'USDT', amount: '0' },
    })),
    'Mutation.payoutCreate': row(inTest('payout:write'), (w) => ({
      input: { merchantId: w.merchantId, mode: 'TEST', currency: 'USDT', amount: '0' },
    })),
    'Mutation.payoutBatchCreate': row(inTest('payout:write'), (w) => ({
      input: { merchantId: w.merchantId, mode: 'TEST', rows: [], idempotencyKey: 'x' },
    })),
    'Mutation.payoutCancel': row(right('payout:write', 'TEST'), decision),
    'Mutation.testPayoutSimulate': row(right('payout:write', 'TEST'), (w) => ({
      input: { payoutId: w.testPayoutId },
    })),
    'Mutation.payoutApprove': row({ allOf: ['USER', right('payout:write', 'TEST')] }, decision),
    'Mutation.payoutReject': row({ allOf: ['USER', right('payout:write', 'TEST')] }, decision),
    'Merchant.payoutPolicy': row(OF_MERCHANT),
    'Merchant.payoutMinimums': row(OF_MERCHANT),
    'Mutation.payoutPolicyUpdate': row(right('withdrawal:write', 'merchant'), (w) => ({
      input: {
        merchantId: w.merchantId,
        revision: 0,
        approvalsRequired: 99,
        approvalAbove: [],
        dailyLimit: [],
      },
    })),
  },
};
