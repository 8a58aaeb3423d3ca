import { row, type Matrix } from './rows.ts';
import { operate, right } from './who.ts';
import { nowhere, rowId, type World } from './world.ts';

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
  Notification: [{ id: (w) => w.ownerNotificationId, who: (w) => ({ is: rowId(w.ownerId) }) }],
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
  'User.operator': row('PERSON'),

  // Projects and keys.
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
  'Mutation.testPaymentSimulate': row(right('invoice:write', 'TEST'), (w) => ({
    input: { invoiceId: w.paidInvoiceId, quoteId: w.quoteId, amount: '0' },
  })),
  'Invoice.project': row(right('project:read', 'project')),
  'Subscription.invoiceUpdated': [
    row(right('invoice:read', 'TEST'), (w) => ({ id: w.paidInvoiceId })),
    row(right('invoice:read', 'LIVE'), (w) => ({ id: w.liveInvoiceId })),
  ],
  'Subscription.events': [
    row(right('event:read', 'TEST'), (w) => ({ projectId: w.projectId, mode: 'TEST' })),
    row(right('event:read', 'LIVE'), (w) => ({ projectId: w.projectId, mode: 'LIVE' })),
  ],

  // Money.
  'Query.balances': row(right('balance:read', 'merchant'), (w) => ({ merchantId: w.merchantId })),

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
