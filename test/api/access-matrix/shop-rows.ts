import { row, type Matrix } from './rows.ts';
import { operate, right, type Who } from './who.ts';
import { nowhere, rowId, type World } from './world.ts';

/** Every member, and no API key. */
const MEMBERS: Who = { allOf: ['USER', right('merchant:read', 'merchant')] };

/** Decides on money of an invoice, and is answered with it. */
const RESOLVES: Who = { allOf: [right('payment:resolve', 'TEST'), right('invoice:read', 'TEST')] };

/** Members who may follow the events of a project of the merchant at least; the other ones are left out. */
const IN_SOME_PROJECT = (w: World): Who => ({
  allOf: [
    'USER',
    {
      anyOf: [right('event:read', 'project'), right('event:read', { project: rowId(w.otherProjectId) })],
    },
  ],
});

/** Things by type, with who sees them. */
const NODES: Matrix<World>['nodes'] = {
  User: [{ id: (w) => w.ownerId, who: (w) => ({ is: rowId(w.ownerId) }) }],
  Merchant: [{ id: (w) => w.merchantId, who: right('merchant:read', 'merchant') }],
  Project: [{ id: (w) => w.projectId, who: right('project:read', 'project') }],
  ApiKey: [
    { id: (w) => w.testKeyId, who: right('api_key:read', 'TEST') },
    { id: (w) => w.liveKeyId, who: right('api_key:read', 'LIVE') },
  ],
  Invoice: [
    { id: (w) => w.paidInvoiceId, who: right('invoice:read', 'TEST') },
    { id: (w) => w.liveInvoiceId, who: right('invoice:read', 'LIVE') },
  ],
  Payment: [{ id: (w) => w.paymentId, who: right('invoice:read', 'TEST') }],
  Notification: [{ id: (w) => w.ownerNotificationId, who: (w) => ({ is: rowId(w.ownerId) }) }],
  TelegramLink: [{ id: (w) => w.ownerChatId, who: (w) => ({ is: rowId(w.ownerId) }) }],
  SavedView: [{ id: (w) => w.ownerViewId, who: (w) => ({ is: rowId(w.ownerId) }) }],
  Operator: [
    {
      id: (w) => w.operator.id,
      who: (w) => ({ anyOf: [operate('operator:manage'), { is: w.operator.userId }] }),
    },
  ],
};

/** One row a field: who gets an answer, and arguments that change nothing. */
const FIELDS: Matrix<World>['fields'] = {
  // Anybody.
  'Query.currencies': row('PUBLIC'),
  'Query.networks': row('PUBLIC'),
  'Query.node': row('PUBLIC', () => ({ id: nowhere('Invoice') })),
  'Mutation.userSignUp': row('PUBLIC', () => ({ input: { email: '', password: '', merchantName: '' } })),
  'Mutation.sessionCreate': row('PUBLIC', () => ({ input: { email: 'no address', password: 'x' } })),

  // A person about themselves.
  'Query.viewer': row('PERSON'),
  'Query.projects': row('USER'),
  'Mutation.telegramLinkCreate': [
    row('USER', (w) => ({ input: { bot: 'INFO', merchantId: w.merchantId } })),
    row('USER', () => ({ input: { bot: 'MERCHANT' } })),
  ],
  'Mutation.telegramLinkDisconnect': row('USER', () => ({
    input: { telegramLinkId: nowhere('TelegramLink') },
  })),
  'User.telegramLinks': row('PERSON'),
  'User.operator': row('PERSON'),

  // Projects and keys.
  'Query.projectFees': row(right('project:read', 'project'), (w) => ({ projectId: w.projectId })),
  'Query.project': row(right('project:read', 'project'), (w) => ({ id: w.projectId })),
  'Mutation.projectCreate': row(right('project:write', 'merchant'), (w) => ({
    input: { merchantId: w.merchantId, name: '' },
  })),
  'Mutation.apiKeyCreate': row(right('api_key:write', 'project'), (w) => ({
    input: { projectId: w.projectId, mode: 'TEST', kind: 'SECRET', name: '' },
  })),
  'Project.merchant': row(right('merchant:read', 'merchant')),
  'Project.apiKeys': row(right('api_key:read', 'project')),
  'ApiKey.project': row(right('project:read', 'project')),

  // Invoices.
  'Query.invoice': [
    row(right('invoice:read', 'TEST'), (w) => ({ id: w.paidInvoiceId })),
    row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveInvoiceId })),
  ],
  'Query.invoices': [
    row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
      refusedAs: 'INVALID_INPUT',
    }),
    row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
      refusedAs: 'INVALID_INPUT',
    }),
  ],
  'Mutation.invoiceCreate': [
    row(right('invoice:write', 'TEST'), (w) => ({
      input: { projectId: w.projectId, mode: 'TEST', amount: '1', currency: 'USD', lifetimeSeconds: 1 },
    })),
    row(right('invoice:write', 'LIVE'), (w) => ({
      input: { projectId: w.projectId, mode: 'LIVE', amount: '1', currency: 'USD', lifetimeSeconds: 1 },
    })),
  ],
  'Mutation.quoteCreate': [
    row(right('invoice:pay', 'TEST'), (w) => ({
      input: { invoiceId: w.paidInvoiceId, asset: 'BTC', network: 'BITCOIN' },
    })),
    row(right('invoice:pay', 'LIVE'), (w) => ({
      input: { invoiceId: w.liveInvoiceId, asset: 'BTC', network: 'ETHEREUM' },
    })),
  ],
  'Mutation.invoiceCancel': row(right('invoice:write', 'TEST'), (w) => ({
    input: { invoiceId: w.paidInvoiceId },
  })),
  'Mutation.invoiceSend': row(right('invoice:write', 'TEST'), (w) => ({
    input: { invoiceId: w.paidInvoiceId, email: 'no address' },
  })),
  'Mutation.testPaymentSimulate': row(right('invoice:write', 'TEST'), (w) => ({
    input: { invoiceId: w.paidInvoiceId, quoteId: w.quoteId, amount: '0' },
  })),
  'Mutation.invoiceAccept': row(RESOLVES, (w) => ({
    input: { invoiceId: w.paidInvoiceId },
  })),
  'Query.payments': [
    row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' }), {
      refusedAs: 'INVALID_INPUT',
    }),
    row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' }), {
      refusedAs: 'INVALID_INPUT',
    }),
  ],
  'Query.paymentResolutionPreview': row(RESOLVES, (w) => ({
    paymentId: w.paymentId,
    resolution: 'REBOUND',
  })),
  'Mutation.paymentResolve': row(RESOLVES, (w) => ({
    input: { paymentId: w.paymentId, resolution: 'REBOUND' },
  })),
  'Payment.invoice': row(right('invoice:read', 'TEST')),
  'Invoice.payments': row({ anyOf: [right('invoice:read', 'TEST'), right('invoice:read', 'LIVE')] }),
  'Invoice.project': row(right('project:read', 'project')),
  'Subscription.invoiceUpdated': [
    row(right('invoice:read', 'TEST'), (w) => ({ id: w.paidInvoiceId })),
    row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveInvoiceId })),
  ],
  'Subscription.events': [
    row(right('event:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
    row(right('event:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
    row(IN_SOME_PROJECT, (w) => ({ merchantId: w.merchantId, mode: 'TEST' })),
  ],

  'Subscription.paymentUpdated': [
    row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
    row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
  ],
  'Subscription.payoutUpdated': [
    row(right('payout:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
    row(right('payout:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
  ],
  'Subscription.statisticsUpdated': [
    row(right('invoice:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
    row(right('invoice:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
  ],

  // Saved views.
  'Query.savedViews': row(MEMBERS, (w) => ({ merchantId: w.merchantId, list: 'INVOICES' })),
  'Mutation.savedViewSave': row(MEMBERS, (w) => ({
    input: { merchantId: w.merchantId, list: 'INVOICES', name: '', columns: ['id'] },
  })),
  'Mutation.savedViewRemove': row('USER', () => ({ input: { savedViewId: nowhere('SavedView') } })),

  // Money.
  'Query.rate': row('SIGNED_IN', () => ({ asset: 'BTC', currency: 'USD' })),
  'Query.balances': row(right('balance:read', 'merchant'), (w) => ({ merchantId: w.merchantId })),
  'Subscription.balanceUpdated': row(right('balance:read', 'merchant'), (w) => ({
    merchantId: w.merchantId,
  })),
  'Query.statement': [
    row(right('balance:read', 'TEST'), (w) => ({
      merchantId: w.merchantId,
      mode: 'TEST',
      filter: { projectId: w.projectId },
    })),
    row(right('balance:read', 'LIVE'), (w) => ({
      merchantId: w.merchantId,
      mode: 'LIVE',
      filter: { projectId: w.projectId },
    })),
  ],
  'Query.invoiceStatistics': [
    row(
      right('invoice:read', 'TEST'),
      (w) => ({
        projectIds: [w.projectId],
        mode: 'TEST',
        from: '2026-01-01',
        to: '2026-12-31',
        interval: 'DAY',
      }),
      { refusedAs: 'INVALID_INPUT' },
    ),
    row(
      right('invoice:read', 'LIVE'),
      (w) => ({
        projectIds: [w.projectId],
        mode: 'LIVE',
        from: '2026-01-01',
        to: '2026-12-31',
        interval: 'DAY',
      }),
      { refusedAs: 'INVALID_INPUT' },
    ),
  ],

  // Operators.
  'Query.operators': row(operate('operator:manage')),
  'Mutation.operatorCreate': row(operate('operator:manage'), () => ({
    input: { email: 'no address', role: 'ADMIN' },
  })),
  'Mutation.operatorUpdate': row(operate('operator:manage'), () => ({
    input: { operatorId: nowhere('Operator'), role: 'ADMIN' },
  })),
  'Mutation.operatorDisable': row(operate('operator:manage'), () => ({
    input: { operatorId: nowhere('Operator') },
  })),
};

/** What a shop's people and servers do. */
export const SHOP_ROWS: Matrix<World> = { nodes: NODES, fields: FIELDS };
