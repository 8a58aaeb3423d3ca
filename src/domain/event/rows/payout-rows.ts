import { alert, live, type EventRow } from '../event-row.ts';

/** What those hear of who may see payouts. */
const course = (description: string, more: Partial<EventRow> = {}): EventRow => ({
  ...live('PAYOUTS', description),
  right: 'payout:read',
  ...more,
});

const told = (
  severity: EventRow['severity'],
  channels: EventRow['channels'],
  description: string,
  more: Partial<EventRow> = {},
): EventRow =>
  course(description, { severity, channels, audience: 'MERCHANT_MEMBERS', inCentre: true, ...more });

/** What who runs the gateway must look at; no merchant hears of it. */
const forOperators = (description: string): EventRow => ({
  category: 'ERRORS',
  severity: 'CRITICAL',
  audience: 'OPERATORS',
  channels: ['EMAIL'],
  inCentre: false,
  description,
});

/** Money that leaves: payouts, what pays refunds and rebounds, and the rules of both (FEATURES F, G). */
export const PAYOUT_ROWS = {
  'payout.requested': course('A payout was asked for; its amount is set aside.', {
    webhook: 'payout.requested',
  }),
  'payout.approval_needed': told(
    'WARNING',
    ['EMAIL', 'MERCHANT_BOT'],
    'A payout waits for the consent of members.',
    {
      right: 'payout:write',
    },
  ),
  'payout.approved': course('A member agreed to a payout.', { inCentre: false }),
  'payout.queued': course('A payout has what it needs and waits for its turn.'),
  'payout.taken': course('An operator has begun to transfer a payout to its bank account.'),
  'payout.waiting': course('A payout cannot be sent at the moment; it waits for what passes.'),
  'payout.stalled': told(
    'WARNING',
    ['EMAIL', 'MERCHANT_BOT'],
    'A payout waits for what does not end by itself; a member must decide.',
  ),
  'payout.signed': course('The transaction of a payout is signed and stored.'),
  'payout.broadcast': course('The transaction of a payout was given to the network.', {
    webhook: 'payout.broadcast',
  }),
  'payout.confirmed': told('SUCCESS', ['EMAIL', 'MERCHANT_BOT'], 'A payout has arrived.', {
    webhook: 'payout.confirmed',
  }),
  'payout.failed': told(
    'CRITICAL',
    ['EMAIL', 'MERCHANT_BOT'],
    'A payout failed: nothing of its amount was sent.',
    {
      webhook: 'payout.failed',
    },
  ),
  'payout.cancelled': course('A payout was cancelled before it was signed.', { webhook: 'payout.cancelled' }),
  'payout.rejected': told(
    'WARNING',
    ['EMAIL', 'MERCHANT_BOT'],
    'A payout was refused by a member or an operator.',
    {
      webhook: 'payout.rejected',
    },
  ),
  'user.payout_pin_refused': alert('A wrong PIN was given for a payout in a chat.'),
  'payout_policy.changed': told('WARNING', ['EMAIL', 'INFO_BOT'], 'What payouts need was changed.', {
    category: 'SECURITY',
    right: 'payout:read',
  }),
  'bank_account.added': told('WARNING', ['EMAIL', 'INFO_BOT'], 'A bank account for payouts was added.', {
    category: 'SECURITY',
  }),
  'bank_account.removed': course('A bank account for payouts was removed.', { category: 'SECURITY' }),
  'auto_withdrawal.created': told(
    'WARNING',
    ['EMAIL', 'INFO_BOT'],
    'Credited money is sent on by itself from now on.',
    {
      category: 'SECURITY',
    },
  ),
  'auto_withdrawal.disabled': told(
    'WARNING',
    ['EMAIL', 'INFO_BOT'],
    'Credited money is not sent on by itself any more.',
    {
      category: 'SECURITY',
    },
  ),
  'refund.requested': course('A refund was asked for; its amount is set aside.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'payment.refund_requested',
  }),
  'refund.claim_sent': {
    ...live('PAYMENTS', 'The payer was asked where a refund is to go.'),
    mailTo: ['customerEmail'],
  },
  'refund.payer_told': {
    ...live('PAYMENTS', 'The payer, who had a link, was told how a refund ended.'),
    mailTo: ['customerEmail'],
  },
  'refund.claim_expired': told(
    'WARNING',
    ['EMAIL', 'MERCHANT_BOT'],
    'The payer of a refund let the link run out; the amount stays set aside.',
    { category: 'PAYMENTS', right: 'invoice:read' },
  ),
  'refund.inbox_named': told(
    'WARNING',
    ['EMAIL', 'INFO_BOT'],
    'A member or an API key named the inbox in which the payer of a refund is asked.',
    { category: 'SECURITY' },
  ),
  'refund.prepared': course('A refund waits until the payer says where it is to go.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
  }),
  'refund.claimed': course('The payer said where a refund is to go.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
  }),
  'refund.succeeded': told('SUCCESS', ['EMAIL', 'MERCHANT_BOT'], 'A refund has reached the payer.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'payment.refund_transferred',
  }),
  'refund.cancelled': course('A refund was cancelled; its amount is available again.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'payment.refund_cancelled',
  }),
  'refund.failed': told(
    'CRITICAL',
    ['EMAIL', 'MERCHANT_BOT'],
    'A refund failed; its amount is available again.',
    {
      category: 'PAYMENTS',
      right: 'invoice:read',
      webhook: 'payment.refund_failed',
    },
  ),
  'rebound.created': course('Held money is to go back to the payer.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'rebound.created',
  }),
  'rebound.claim_sent': {
    ...live('PAYMENTS', 'The payer was asked where money is to go back to.'),
    mailTo: ['customerEmail'],
  },
  'rebound.payer_told': {
    ...live('PAYMENTS', 'The payer, who had a link, was told what became of held money.'),
    mailTo: ['customerEmail'],
  },
  'rebound.claim_expired': told(
    'WARNING',
    ['EMAIL', 'MERCHANT_BOT'],
    'The payer of held money let the link run out; the money stays held.',
    { category: 'PAYMENTS', right: 'invoice:read' },
  ),
  'rebound.withdraw_requested': course('The payer said where held money is to go.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
  }),
  'rebound.settled': course(
    'A payment came again after its money had gone back to the payer: it pays what was owed for that.',
    { category: 'PAYMENTS', right: 'invoice:read' },
  ),
  'rebound.inbox_named': told(
    'WARNING',
    ['EMAIL', 'INFO_BOT'],
    'A member or an API key named the inbox in which the payer of held money is asked.',
    { category: 'SECURITY' },
  ),
  'rebound.completed': told('SUCCESS', ['EMAIL', 'MERCHANT_BOT'], 'Held money has gone back to the payer.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'rebound.completed',
  }),
  'rebound.rejected': told('WARNING', [], 'Held money is not sent back after all; it waits for a decision.', {
    category: 'PAYMENTS',
    right: 'invoice:read',
    webhook: 'rebound.rejected',
  }),
  'refund.set_aside': forOperators(
    'A refund or rebound could not be carried on; it is tried again every few minutes.',
  ),
  'custody.differs': forOperators(
    'What the ledger says is held on a network differs from what the chain says.',
  ),
  'custody.agrees': {
    ...forOperators('Ledger and chain agree again on what is held on a network.'),
    severity: 'SUCCESS',
  },
  'custody.hot_wallet_short': forOperators('The hot wallet has too little for the payouts that wait.'),
  'custody.bank_payout_due': {
    ...forOperators('A payout to a bank account has what it needs; an operator sends it.'),
    severity: 'INFO',
  },
  'custody.payout_unsigned': forOperators('Payouts of a network cannot be signed; an operator must look.'),
  'custody.spend_stuck': forOperators(
    'A signed transaction does not get on by itself; an operator must look.',
  ),
  'custody.spend_given_up': {
    ...forOperators('An operator gave up a signed transaction whose place another one used.'),
    severity: 'WARNING',
    channels: [],
  },
} as const satisfies Readonly<Record<string, EventRow>>;
