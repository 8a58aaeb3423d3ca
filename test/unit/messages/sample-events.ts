import { EVENT_TYPES, eventRow, type EventType } from '../../../src/domain/event/catalogue.ts';
import type { PersonalChannel } from '../../../src/domain/event/event-row.ts';
import type { Event, EventActor, EventData } from '../../../src/domain/event/event.ts';
import type { Digest } from '../../../src/domain/notification/digest.ts';

export const SAMPLE_TIME = new Date('2026-11-21T17:05:00Z');
const LATER = '2026-11-23T06:30:00.000Z';

export const sampleEvent = (
  type: EventType,
  data: EventData = {},
  mode: 'TEST' | 'LIVE' | null = 'LIVE',
  actor: EventActor = { type: 'SYSTEM', id: null },
): Event => ({
  id: '01990000-0000-7000-8000-000000000009',
  type,
  version: 1,
  position: { txid: 1n, seq: 1n },
  merchantId: null,
  projectId: null,
  mode,
  actor,
  subject: { type: 'INVOICE', id: '01990000-0000-7000-8000-000000000008' },
  data,
  occurredAt: SAMPLE_TIME,
});

/** Where an event is told if everybody has switched everything on that is offered. */
export function channelsOf(type: EventType): readonly PersonalChannel[] {
  const { channels, offered = [], mailTo, smsTo } = eventRow(type);
  return [
    ...new Set<PersonalChannel>([
      ...channels,
      ...offered,
      ...(mailTo ? (['EMAIL'] as const) : []),
      ...(smsTo ? (['SMS'] as const) : []),
    ]),
  ];
}

export const TOLD_TYPES = EVENT_TYPES.filter((type) => channelsOf(type).length > 0);

const INVOICE = {
  invoiceId: '01990000-0000-7000-8000-0000000000f1',
  orderId: 'A-17',
  currency: 'USD',
  amount: '1234.50',
  amountPaid: '1300.00',
};
const PAYMENT = {
  network: 'BSC',
  asset: 'ETH',
  received: '0.512345678901234567',
  txId: '0x6f1f4e0c7e9cbb2f9c9a0d0c2b9b7a15d6f0a4d1c6b0f9f2a8f4b3c1d2e3f4a5',
  held: '0.012345678901234567',
  heldReason: 'LATE',
  credited: '1520.25',
  creditedCurrency: 'USDT',
};
const DEPOSIT = { ...PAYMENT, customerRef: 'customer-7' };
const API_KEY = { name: 'Shop server', prefix: 'pb_live_1a2b', projectName: 'Corner Shop' };
const ENDPOINT = { host: 'shop.example', description: 'Orders', projectName: 'Corner Shop' };
const ADDRESS = {
  address: '0x52908400098527886E0F7030069857D2E4169EE7',
  network: 'ETHEREUM',
  label: 'Cold wallet',
};
const PAYOUT = {
  origin: 'REQUEST',
  currency: 'ETH',
  debited: '1.500000000000000000',
  fee: '0.010000000000000000',
  networkFee: '0.001000000000000000',
  arrives: '1.489000000000000000',
  network: 'ETHEREUM',
  address: '0x52908400098527886E0F7030069857D2E4169EE7',
};
const FIAT_PAYOUT = {
  origin: 'REQUEST',
  currency: 'EUR',
  debited: '500.00',
  fee: '1.00',
  networkFee: '0.00',
  arrives: '499.00',
  network: null,
  address: null,
  holder: 'Müller & Söhne',
  account: '…3000',
};
const SOURCE = { invoiceId: INVOICE.invoiceId, orderId: INVOICE.orderId };
const CUSTODY = { network: 'POLYGON', asset: 'USDT', payoutId: '01990000-0000-7000-8000-0000000000f2' };
const RULE = { asset: 'USDT', threshold: '1000.000000', network: 'POLYGON', address: PAYOUT.address };
const REFUND = {
  invoiceId: INVOICE.invoiceId,
  orderId: INVOICE.orderId,
  amount: '25.00',
  currency: 'USD',
  debitAmount: '23.10',
  debitCurrency: 'EUR',
  asset: 'USDT',
  network: 'POLYGON',
  networkFee: '0.500000',
  arrives: '24.490000',
  address: PAYOUT.address,
  txId: PAYMENT.txId,
};
const REBOUND = { ...REFUND, amount: '24.990000', heldReason: 'LATE' };
const CLAIM = { shopName: 'Corner Shop', address: null, expiresAt: LATER };
const DECISION = { decision: 'APPROVED', answer: 'Checked on the telephone.' };

/** What each event holds in the samples; the further ones are for what is said otherwise. */
const SAMPLES: Readonly<Partial<Record<EventType, readonly [EventData, ...EventData[]]>>> = {
  'auto_withdrawal.created': [RULE],
  'auto_withdrawal.disabled': [
    { ...RULE, reason: 'FAILING', failure: 'ADDRESS_NOT_LISTED' },
    { ...RULE, reason: 'FAILING', failure: 'MAKER_HAS_NO_RIGHT' },
    { ...RULE, reason: 'FAILING', failure: 'NETWORK_NOT_CONFIGURED' },
    { ...RULE, reason: 'BY_MEMBER' },
  ],
  'bank_account.added': [
    { holder: 'Acme Ltd', account: '…3000', country: 'DE', currency: 'EUR', usableAt: LATER },
  ],
  'payout.approval_needed': [
    { ...PAYOUT, revision: 0, reference: 'Supplier 17', askedBy: 'sam@shop.example' },
    { ...FIAT_PAYOUT, revision: 0, reference: null, askedBy: 'Shop server' },
    {
      ...PAYOUT,
      ...SOURCE,
      origin: 'REFUND',
      revision: 0,
      askedBy: 'sam@shop.example',
      inboxNamedBy: 'Shop server, sam@shop.example',
    },
    { ...PAYOUT, ...SOURCE, origin: 'REBOUND', revision: 0, orderId: null, inboxNamedBy: 'Shop server' },
  ],
  'payout.confirmed': [
    { ...PAYOUT, txId: PAYMENT.txId },
    { ...FIAT_PAYOUT, bankReference: 'SEPA-2026-17' },
  ],
  'payout.failed': [
    { ...PAYOUT, txId: PAYMENT.txId, reason: 'REVERTED' },
    { ...PAYOUT, origin: 'REFUND', reason: 'TRANSFER_REFUSED' },
  ],
  'payout.rejected': [
    { ...FIAT_PAYOUT, reason: 'The bank knows no such account.' },
    PAYOUT,
    { ...PAYOUT, origin: 'REFUND' },
    { ...PAYOUT, origin: 'REBOUND' },
  ],
  'payout.stalled': [{ ...PAYOUT, reason: 'ADDRESS_NOT_LISTED' }],
  'payout_policy.changed': [
    {
      approvalsRequired: 1,
      approvalAbove0: '1000.00',
      approvalAboveCurrency0: 'EUR',
      approvalAbove1: '2500.000000',
      approvalAboveCurrency1: 'USDT',
      approvalsRequiredBefore: 2,
      dailyLimitBefore0: '5000.000000',
      dailyLimitBeforeCurrency0: 'USDT',
    },
  ],
  'custody.differs': [
    {
      ...CUSTODY,
      ledger: '1234.500000',
      chain: '1234.400000',
      difference: '-0.100000',
      differsSince: '2026-11-21T16:00:00.000Z',
      height: '7654321',
    },
  ],
  'custody.agrees': [
    { ...CUSTODY, ledger: '1234.500000', chain: '1234.500000', difference: '0.000000', height: '7654399' },
  ],
  'custody.hot_wallet_short': [
    { ...CUSTODY, address: PAYOUT.address, amount: '250.000000', currency: 'USDT' },
  ],
  'custody.bank_payout_due': [{ payoutId: CUSTODY.payoutId, amount: '250.00', currency: 'EUR' }],
  'custody.payout_unsigned': [{ ...CUSTODY, why: 'FAULT' }],
  'custody.spend_stuck': [
    { ...CUSTODY, kind: 'PAYOUT', why: 'LATE', txId: PAYMENT.txId },
    { ...CUSTODY, kind: 'SWEEP', why: 'FOREIGN', txId: null, payoutId: null },
  ],
  'refund.claim_sent': [
    { ...REFUND, ...CLAIM, merchantName: 'Acme Ltd' },
    { ...REFUND, ...CLAIM, orderId: null },
  ],
  'refund.payer_told': [
    { ...REFUND, ...CLAIM, address: REFUND.address, status: 'SUCCEEDED', merchantName: 'Acme Ltd' },
    { ...REFUND, ...CLAIM, status: 'FAILED', orderId: null },
  ],
  'rebound.payer_told': [
    { ...REBOUND, ...CLAIM, address: REFUND.address, status: 'COMPLETED' },
    { ...REBOUND, ...CLAIM, status: 'REJECTED', merchantName: 'Acme Ltd' },
  ],
  'refund.claim_expired': [{ ...REFUND, address: null, txId: null }],
  'rebound.claim_expired': [{ ...REBOUND, address: null, txId: null }],
  'refund.inbox_named': [{ ...REFUND, inbox: 'payer@mail.example' }],
  'refund.set_aside': [{ step: 'refund.claimed', of: CUSTODY.payoutId, tries: 20 }],
  'refund.succeeded': [REFUND],
  'refund.failed': [
    { ...REFUND, failure: 'REVERTED' },
    { ...REFUND, txId: null, failure: 'PAYOUT_REJECTED' },
    { ...REFUND, txId: null, failure: 'PAYMENT_REVERSED' },
  ],
  'rebound.claim_sent': [
    { ...REBOUND, ...CLAIM },
    { ...REBOUND, ...CLAIM, orderId: null, merchantName: 'Acme Ltd' },
  ],
  'rebound.inbox_named': [
    { ...REBOUND, inbox: 'payer@mail.example' },
    { ...REBOUND, invoiceId: null, orderId: null, inbox: 'payer@mail.example' },
  ],
  'rebound.completed': [REBOUND, { ...REBOUND, invoiceId: null, orderId: null }],
  'api_key.created': [API_KEY, { ...API_KEY, projectName: null }],
  'api_key.changed': [API_KEY],
  'api_key.rotated': [{ ...API_KEY, endsAt: LATER }],
  'api_key.revoked': [API_KEY],
  'deposit.detected': [DEPOSIT],
  'deposit.credited': [DEPOSIT],
  'deposit.held': [{ ...DEPOSIT, heldReason: 'WALLET_BLOCKED' }],
  'deposit.reversed': [DEPOSIT],
  'invoice.paid': [INVOICE, { ...INVOICE, orderId: null }],
  'invoice.overpaid': [INVOICE],
  'invoice.paid_late': [INVOICE],
  'invoice.sent': [
    {
      ...INVOICE,
      shopName: 'Corner Shop',
      merchantName: 'Acme Ltd',
      description: 'Two tickets',
      expiresAt: LATER,
    },
    { ...INVOICE, shopName: 'Corner Shop', orderId: null, expiresAt: LATER },
  ],
  'member.invited': [{ merchantName: 'Acme Ltd', invitedBy: 'ada@shop.example', role: 'FINANCE' }],
  'member.changed': [{ email: 'sam@shop.example', role: 'FINANCE', previousRole: 'VIEWER' }],
  'member.enabled': [{ email: 'sam@shop.example', role: 'ADMIN' }],
  'member.joined': [{ email: 'sam@shop.example', role: 'FINANCE' }],
  'merchant.closed': [{ merchantName: 'Acme Ltd' }],
  'merchant.currency_decided': [
    { ...DECISION, currency: 'EUR' },
    { decision: 'REJECTED', currency: 'EUR', answer: null },
  ],
  'merchant.ownership_transferred': [{ fromEmail: 'ada@shop.example', toEmail: 'sam@shop.example' }],
  'payment.detected': [{ ...INVOICE, ...PAYMENT }],
  'payment.held': [{ ...INVOICE, ...PAYMENT }],
  'payment.reversed': [{ ...INVOICE, ...PAYMENT }],
  'project.created': [{ name: 'Corner Shop' }],
  'project.moderation_decided': [
    { name: 'Corner Shop', from: 'ACTIVE', to: 'BLOCKED', reason: 'The site sells something else.' },
    { name: 'Corner Shop', from: 'ON_MODERATION', to: 'ACTIVE', reason: null },
  ],
  'session.disowned': [
    { ip: '198.51.100.4', device: 'Chrome on Windows', signedInAt: '2026-11-21T16:00:00.000Z' },
  ],
  'telegram_link.blocked': [
    { bot: 'MERCHANT', merchantName: 'Acme Ltd' },
    { bot: 'INFO', merchantName: null },
  ],
  'user.email_bounced': [{ email: 'ada@shop.example' }],
  'user.email_changed': [{ oldEmail: 'ada@old.example', newEmail: 'ada@shop.example' }],
  'user.phone_changed': [{ phone: '+49 ••• 0123' }, { phone: null }],
  'user.recovery_code_used': [{ remaining: 7 }],
  'user.two_factor_reset_decided': [DECISION, { decision: 'REJECTED', answer: null }],
  'user.two_factor_reset_filed': [{ reason: 'My telephone fell into the sea.' }],
  'webhook_endpoint.created': [ENDPOINT],
  'webhook_endpoint.updated': [ENDPOINT],
  'webhook_endpoint.secret_rotated': [{ ...ENDPOINT, oldEndsAt: LATER }],
  'webhook_endpoint.deleted': [{ ...ENDPOINT, description: null }],
  'webhook_endpoint.failing': [
    { ...ENDPOINT, failingSince: '2026-11-19T05:00:00.000Z', disablesAt: LATER },
    ENDPOINT,
  ],
  'webhook_endpoint.disabled': [
    { ...ENDPOINT, reason: 'FAILING' },
    { ...ENDPOINT, reason: 'GONE' },
  ],
  'withdrawal_address.added': [ADDRESS],
  'withdrawal_address.removed': [{ ...ADDRESS, label: null }],
  'withdrawal_whitelist.changed': [{ enabled: true }, { enabled: false }],
};

const PERSON: EventActor = { type: 'USER', id: 'u', ip: '192.0.2.7', device: 'Firefox on Linux' };

export const samplesOf = (type: EventType): readonly Event[] =>
  (SAMPLES[type] ?? [{}]).map((data) => sampleEvent(type, data, 'LIVE', PERSON));

export const SAMPLE_EXTRA = { link: 'https://pay.example/open?token=abc', code: '012345' };

export const sampleDigest = (group: Digest['group'], count: number): Digest => ({
  group,
  count,
  sums: [
    { currency: 'USD', amount: '12345.60' },
    { currency: 'BTC', amount: '0.00012345' },
  ],
  mode: 'LIVE',
  projectName: 'Corner Shop',
  from: new Date('2026-11-21T16:59:00Z'),
  to: SAMPLE_TIME,
});
