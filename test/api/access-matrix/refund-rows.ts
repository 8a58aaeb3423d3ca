import { row, type Matrix } from './rows.ts';
import { right, type Who } from './who.ts';
import type { World } from './world.ts';

/** Who may change such a thing without being refused: the answer shows it, which is for those who may see it. */
const change = (needed: 'payout:write' | 'payment:resolve', at: 'TEST' | 'LIVE'): Who => ({
  allOf: [right(needed, at), right('invoice:read', at)],
});

/** Refunds and rebounds. */
export const REFUND_ROWS: Matrix<World> = {
  nodes: {
    Refund: [
      { id: (w) => w.testRefundId, who: right('invoice:read', 'TEST') },
      { id: (w) => w.liveRefundId, who: right('invoice:read', 'LIVE') },
    ],
    Rebound: [
      { id: (w) => w.testReboundId, who: right('invoice:read', 'TEST') },
      { id: (w) => w.liveReboundId, who: right('invoice:read', 'LIVE') },
    ],
  },
  fields: {
    'Query.refunds': [
      row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
        refusedAs: 'INVALID_INPUT',
      }),
      row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
        refusedAs: 'INVALID_INPUT',
      }),
    ],
    'Query.rebounds': [
      row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
        refusedAs: 'INVALID_INPUT',
      }),
      row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
        refusedAs: 'INVALID_INPUT',
      }),
    ],
    'Subscription.refundUpdated': [
      row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
      row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
    ],
    'Subscription.reboundUpdated': [
      row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
      row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
    ],
    'Invoice.rebounds': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Invoice.refunds': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Payment.rebounds': row(right('invoice:read', 'TEST')),
    'Refund.invoice': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Refund.payout': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Rebound.payment': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Rebound.payout': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
    'Mutation.refundCreate': row(change('payout:write', 'TEST'), (w) => ({
      input: { invoiceId: w.paidInvoiceId, amount: '0' },
    })),
    'Mutation.refundCancel': row(change('payout:write', 'TEST'), (w) => ({
      input: { refundId: w.testRefundId },
    })),
    'Mutation.refundClaimResend': row(change('payout:write', 'TEST'), (w) => ({
      input: { refundId: w.testRefundId, email: 'no address' },
    })),
    'Mutation.reboundReject': row(change('payment:resolve', 'TEST'), (w) => ({
      input: { reboundId: w.testReboundId },
    })),
    'Mutation.reboundClaimResend': row(change('payout:write', 'TEST'), (w) => ({
      input: { reboundId: w.testReboundId, email: 'no address' },
    })),
  },
};
