import { live, type EventRow } from '../event-row.ts';

/** What only those hear of who may see static wallets. */
const walletLive = (description: string): EventRow => ({
  ...live('PAYMENTS', description),
  right: 'static_wallet:read',
});

/** What the members are told of by mail and chat. */
const ring = (
  severity: EventRow['severity'],
  description: string,
  more: Partial<EventRow> = {},
): EventRow => ({
  category: 'PAYMENTS',
  severity,
  audience: 'MERCHANT_MEMBERS',
  channels: ['EMAIL', 'MERCHANT_BOT'],
  inCentre: true,
  description,
  ...more,
});

/**
 * The course of payments. Webhooks call an invoice a payment, and a payment a transfer (FEATURES W4): their invoices are
 * those of subscriptions.
 */
export const PAYMENT_ROWS = {
  'invoice.created': {
    ...live('PAYMENTS', 'An invoice was created.'),
    webhook: 'payment.created',
  },
  'invoice.quoted': {
    ...live('PAYMENTS', 'The payer chose asset and network; address and amount are fixed.'),
    webhook: 'payment.quoted',
  },
  'invoice.reopened': {
    ...live('PAYMENTS', 'The payments seen so far were taken back by the chain.'),
    webhook: 'payment.reopened',
  },
  'invoice.partially_paid': {
    ...live('PAYMENTS', 'Less than the amount due has been seen.'),
    webhook: 'payment.partially_paid',
  },
  'invoice.confirming': {
    ...live('PAYMENTS', 'The amount due was seen and waits for confirmations.'),
    webhook: 'payment.fulfill',
  },
  'invoice.paid': ring('SUCCESS', 'An invoice is paid with the confirmations asked for.', {
    webhook: 'payment.captured',
    digest: { group: 'received', amount: 'amountPaid', currency: 'currency' },
  }),
  'invoice.overpaid': ring('SUCCESS', 'An invoice is paid with more than the amount due.', {
    webhook: 'payment.captured',
    digest: { group: 'received', amount: 'amountPaid', currency: 'currency' },
  }),
  'invoice.paid_late': ring(
    'WARNING',
    'An expired invoice was fully paid afterwards; the money is held for a decision.',
    {
      webhook: 'payment.paid_late',
    },
  ),
  'invoice.canceled': {
    ...live('PAYMENTS', 'An invoice was cancelled or has expired.'),
    webhook: 'payment.cancelled',
  },
  'payment.detected': {
    category: 'PAYMENTS',
    severity: 'INFO',
    audience: 'MERCHANT_MEMBERS',
    channels: ['MERCHANT_BOT'],
    offered: ['EMAIL'],
    inCentre: false,
    description: 'A transfer to an invoice was seen on the chain.',
    webhook: 'transfer.detected',
    digest: { group: 'seen', amount: 'received', currency: 'asset' },
  },
  'payment.confirmed': {
    ...live('PAYMENTS', 'A payment has its confirmations and waits for the rest of the amount.'),
    webhook: 'transfer.confirmed',
  },
  'payment.credited': {
    ...live('PAYMENTS', 'A payment was credited to the balance.'),
    webhook: 'transfer.credited',
  },
  'payment.held': ring(
    'WARNING',
    'A payment came too late, twice or too small, and is held for a decision.',
    {
      webhook: 'transfer.held',
      digest: { group: 'held', amount: 'held', currency: 'asset' },
    },
  ),
  'payment.orphaned': {
    ...live('PAYMENTS', 'The chain took a payment back before it was credited.'),
    webhook: 'transfer.orphaned',
  },
  'payment.confirming': {
    ...live('PAYMENTS', 'A payment that waited in the memory pool stands in a block.'),
    webhook: 'transfer.confirming',
  },
  'payment.reversed': ring(
    'CRITICAL',
    'The chain took a confirmed payment back; what was credited or held is taken back as well.',
    {
      webhook: 'transfer.reversed',
    },
  ),
  'payment.rebound_requested': live('PAYMENTS', 'Held money of a payment is to go back to the payer.'),
  'invoice.sent': {
    ...live('PAYMENTS', 'An invoice was sent to the customer by e-mail.'),
    mailTo: ['customerEmail'],
  },
  'deposit.detected': {
    category: 'PAYMENTS',
    severity: 'INFO',
    audience: 'MERCHANT_MEMBERS',
    channels: ['MERCHANT_BOT'],
    offered: ['EMAIL'],
    inCentre: false,
    right: 'static_wallet:read',
    description: 'A transfer to a static wallet was seen on the chain.',
    webhook: 'deposit.detected',
    digest: { group: 'seen', amount: 'received', currency: 'asset' },
  },
  'deposit.confirming': {
    ...walletLive('A deposit that waited in the memory pool stands in a block.'),
    webhook: 'deposit.confirming',
  },
  'deposit.credited': ring('SUCCESS', 'A deposit to a static wallet was credited to the balance.', {
    right: 'static_wallet:read',
    webhook: 'deposit.credited',
    digest: { group: 'received', amount: 'received', currency: 'asset' },
  }),
  'deposit.held': ring(
    'WARNING',
    'A deposit came to a blocked static wallet, or has no rate, and is held for a decision.',
    {
      right: 'static_wallet:read',
      webhook: 'deposit.held',
      digest: { group: 'held', amount: 'held', currency: 'asset' },
    },
  ),
  'deposit.orphaned': {
    ...walletLive('The chain took a deposit back before it was credited.'),
    webhook: 'deposit.orphaned',
  },
  'deposit.reversed': ring(
    'CRITICAL',
    'The chain took a confirmed deposit back; what was credited or held is taken back as well.',
    {
      right: 'static_wallet:read',
      webhook: 'deposit.reversed',
    },
  ),
  'deposit.rebound_requested': walletLive('Held money of a deposit is to go back to its sender.'),
  'static_wallet.created': {
    ...walletLive('A static wallet was created.'),
    webhook: 'static_wallet.created',
  },
  'static_wallet.blocked': {
    ...walletLive('A static wallet was blocked: deposits to it are held.'),
    webhook: 'static_wallet.blocked',
  },
  'static_wallet.activated': {
    ...walletLive('A blocked static wallet takes deposits again.'),
    webhook: 'static_wallet.activated',
  },
  'payment_link.created': live('PAYMENTS', 'A payment link was created.'),
  'payment_link.updated': live('PAYMENTS', 'A payment link was changed.'),
  'payment_link.disabled': live('PAYMENTS', 'A payment link takes nothing new any more.'),
  'payment_link.enabled': live('PAYMENTS', 'A disabled payment link takes payments again.'),
  'transfer.unmatched': live(
    'PAYMENTS',
    'A transfer that no invoice or wallet can take came to an address of the gateway.',
  ),
} as const satisfies Record<string, EventRow>;
