import { row, type Matrix } from './rows.ts';
import { right, type Who } from './who.ts';
import type { World } from './world.ts';

/** Who may change such a thing without being refused: the answer shows it, which is for those who may see it. */
const write = (thing: 'static_wallet' | 'invoice', at: 'TEST' | 'LIVE'): Who => ({
  allOf: [right(`${thing}:write`, at), right(`${thing}:read`, at)],
});

/** Static wallets and payment links. */
export const WALLET_ROWS: Matrix<World> = {
  nodes: {
    StaticWallet: [
      { id: (w) => w.testWalletId, who: right('static_wallet:read', 'TEST') },
      { id: (w) => w.liveWalletId, who: right('static_wallet:read', 'LIVE') },
    ],
    PaymentLink: [
      { id: (w) => w.testLinkId, who: right('invoice:read', 'TEST') },
      { id: (w) => w.liveLinkId, who: right('invoice:read', 'LIVE') },
    ],
  },
  fields: {
    // Static wallets.
    'Query.staticWallet': [
      row(right('static_wallet:read', 'TEST'), (w) => ({ id: w.testWalletId })),
      row(right('static_wallet:read', 'LIVE'), (w) => ({ id: w.liveWalletId })),
    ],
    'Query.staticWallets': [
      row(right('static_wallet:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
        refusedAs: 'INVALID_INPUT',
      }),
      row(right('static_wallet:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
        refusedAs: 'INVALID_INPUT',
      }),
    ],
    'StaticWallet.project': row(right('project:read', 'project')),
    'StaticWallet.deposits': row('SIGNED_IN'),
    'Payment.staticWallet': row('SIGNED_IN'),
    'Mutation.staticWalletCreate': [
      row(right('static_wallet:write', 'TEST'), (w) => ({
        input: { projectId: w.projectId, mode: 'TEST', network: 'ETHEREUM', customerRef: '' },
      })),
      row(right('static_wallet:write', 'LIVE'), (w) => ({
        input: { projectId: w.projectId, mode: 'LIVE', network: 'ETHEREUM', customerRef: '' },
      })),
    ],
    'Mutation.staticWalletBlock': row(write('static_wallet', 'TEST'), (w) => ({
      input: { staticWalletId: w.testWalletId },
    })),
    'Mutation.staticWalletActivate': row(write('static_wallet', 'LIVE'), (w) => ({
      input: { staticWalletId: w.liveWalletId },
    })),
    'Mutation.testDepositSimulate': [
      row(right('static_wallet:write', 'TEST'), (w) => ({
        input: { staticWalletId: w.testWalletId, asset: 'USDT', amount: '0' },
      })),
      row(right('static_wallet:write', 'LIVE'), (w) => ({
        input: { staticWalletId: w.liveWalletId, asset: 'USDT', amount: '1' },
      })),
    ],
    'Subscription.staticWalletUpdated': [
      row(right('static_wallet:read', 'TEST'), (w) => ({ id: w.testWalletId })),
      row(right('static_wallet:read', 'LIVE'), (w) => ({ id: w.liveWalletId })),
    ],

    // Payment links.
    'Query.paymentLink': [
      row(right('invoice:read', 'TEST'), (w) => ({ id: w.testLinkId })),
      row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveLinkId })),
    ],
    'Query.paymentLinks': [
      row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
        refusedAs: 'INVALID_INPUT',
      }),
      row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
        refusedAs: 'INVALID_INPUT',
      }),
    ],
    'PaymentLink.project': row(right('project:read', 'project')),
    'Invoice.paymentLink': row('SIGNED_IN'),
    'Mutation.paymentLinkCreate': [
      row(right('invoice:write', 'TEST'), (w) => ({
        input: { projectId: w.projectId, mode: 'TEST', title: '', currency: 'USD' },
      })),
      row(right('invoice:write', 'LIVE'), (w) => ({
        input: { projectId: w.projectId, mode: 'LIVE', title: '', currency: 'USD' },
      })),
    ],
    'Mutation.paymentLinkUpdate': row(right('invoice:write', 'LIVE'), (w) => ({
      input: { paymentLinkId: w.liveLinkId, title: '' },
    })),
    'Mutation.paymentLinkDisable': row(write('invoice', 'TEST'), (w) => ({
      input: { paymentLinkId: w.testLinkId },
    })),
    'Mutation.paymentLinkEnable': row(write('invoice', 'LIVE'), (w) => ({
      input: { paymentLinkId: w.liveLinkId },
    })),
    'Mutation.paymentLinkPay': [
      row(right('invoice:pay', 'TEST'), (w) => ({ input: { paymentLinkId: w.testLinkId, amount: '1' } })),
      row(right('invoice:pay', 'LIVE'), (w) => ({ input: { paymentLinkId: w.liveLinkId, amount: '0' } })),
    ],
  },
};
