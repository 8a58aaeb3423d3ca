import { row, type Matrix } from './rows.ts';
import { OF_MERCHANT } from './payout-rows.ts';
import { right } from './who.ts';
import { nowhere, type World } from './world.ts';

/** Lists of what leaves, and where it comes from. */
export const PAYOUT_LIST_ROWS: Matrix<World> = {
  nodes: {},
  fields: {
    'Query.payoutBatch': [
      row('SIGNED_IN', () => ({ id: nowhere('PayoutBatch') })),
      row(right('payout:read', 'TEST'), (w) => ({ id: w.projectBatchId })),
      row(OF_MERCHANT, (w) => ({ id: w.merchantBatchId })),
    ],
    'Project.payouts': row(right('payout:read', 'project')),
    'Payout.project': row('SIGNED_IN'),
    'Payout.bankAccount': row('SIGNED_IN'),
    'Payout.refund': row('SIGNED_IN'),
    'Payout.rebound': row('SIGNED_IN'),
    'Query.refund': [
      row(right('invoice:read', 'TEST'), (w) => ({ id: w.testRefundId })),
      row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveRefundId })),
    ],
    'Query.rebound': [
      row(right('invoice:read', 'TEST'), (w) => ({ id: w.testReboundId })),
      row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveReboundId })),
    ],
  },
};
