/**
 * The event catalogue (DESIGN §6, FEATURES N1): adding a notification is a row here and its templates.
 */

import type { Right } from '../access/rights.ts';

export type EventCategory = 'SECURITY' | 'ACCOUNT' | 'PAYMENTS' | 'PROJECT';
export type EventSeverity = 'INFO' | 'SUCCESS' | 'WARNING' | 'CRITICAL';
export type Channel = 'EMAIL' | 'SMS' | 'INFO_BOT' | 'MERCHANT_BOT';

/** Who is told: nobody but live subscribers, the person concerned, or the merchant's members with the right. */
export type Audience = 'NONE' | 'SUBJECT_USER' | 'MERCHANT_MEMBERS';

export interface EventRow {
  readonly category: EventCategory;
  readonly severity: EventSeverity;
  readonly audience: Audience;
  /** Where the audience is told, besides live subscriptions. */
  readonly channels: readonly Channel[];
  /** Whether it stands in the notification centre. */
  readonly inCentre: boolean;
  readonly description: string;
  /** Fields of the data that hold e-mail addresses to write to as well, whoever the audience is. */
  readonly mailTo?: readonly string[];
  /** Fields of the data that hold phone numbers to write to. */
  readonly smsTo?: readonly string[];
  /** What a member must be allowed to in order to hear of it; without one the category says. */
  readonly right?: Right;
}

const live = (category: EventCategory, description: string) =>
  ({ category, severity: 'INFO', audience: 'NONE', channels: [], inCentre: false, description }) as const;

/** What only those hear of who may see static wallets. */
const walletLive = (description: string): EventRow => ({
  ...live('PAYMENTS', description),
  right: 'static_wallet:read',
});

/** What the person concerned is told of at once: whoever did it may be somebody else. */
const alert = (description: string, channels: readonly Channel[] = ['EMAIL', 'INFO_BOT']): EventRow => ({
  category: 'SECURITY',
  severity: 'WARNING',
  audience: 'SUBJECT_USER',
  channels,
  inCentre: true,
  description,
});

/** A link or code on its way: sent to where `mailTo` and `smsTo` say, and nowhere else. */
const secret = (description: string, to: Pick<EventRow, 'mailTo' | 'smsTo'>): EventRow => ({
  ...live('SECURITY', description),
  ...to,
});

/** What the members who may see it are told of. */
const team = (
  category: EventCategory,
  right: Right,
  description: string,
  more: Partial<EventRow> = {},
): EventRow => ({
  category,
  severity: 'INFO',
  audience: 'MERCHANT_MEMBERS',
  channels: [],
  inCentre: true,
  right,
  description,
  ...more,
});

const LOUD = { severity: 'WARNING', channels: ['EMAIL', 'INFO_BOT'] } as const;

const ROWS = {
  'user.signed_up': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'A person signed up and is sent the link that confirms the e-mail address.',
  },
  'user.sign_up_repeated': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
    inCentre: false,
    description: 'Somebody tried to sign up with the address of an existing account; its owner is told.',
  },
  'user.email_confirmed': live('SECURITY', 'A person confirmed the e-mail address.'),
  'user.password_reset_requested': {
    ...live('SECURITY', 'A person who forgot the password is sent the link that sets a new one.'),
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
  },
  'user.password_reset': alert('A forgotten password was replaced by the link in a mail.'),
  'user.password_changed': alert('A person changed the password.'),
  'user.email_change_requested': secret('A new e-mail address is sent the code that proves it.', {
    mailTo: ['newEmail'],
  }),
  'user.email_changed': {
    ...alert('A person changed the e-mail address; the old one is told as well.', ['INFO_BOT']),
    mailTo: ['oldEmail', 'newEmail'],
  },
  'user.phone_change_requested': secret('A new phone number is sent the code that proves it.', {
    smsTo: ['newPhone'],
  }),
  'user.phone_changed': alert('A person changed the phone number.'),
  'user.two_factor_code_requested': secret(
    'A person is sent the code that begins to set up an authenticator.',
    {
      mailTo: ['email'],
      smsTo: ['phone'],
    },
  ),
  'user.two_factor_enabled': alert('Signing in asks for the codes of an authenticator from now on.'),
  'user.two_factor_disabled': alert('Signing in asks for no second factor any more.'),
  'user.recovery_codes_created': alert('New recovery codes were made; the old ones are void.'),
  'user.recovery_code_used': alert('A recovery code stood for the authenticator.'),
  'user.two_factor_reset_requested': {
    ...live('SECURITY', 'A person who lost the authenticator is sent the link that asks the operator.'),
    audience: 'SUBJECT_USER',
    channels: ['EMAIL'],
  },
  'user.two_factor_reset_filed': alert('The operator is asked to take the authenticator off.'),
  'user.two_factor_reset_decided': alert('The operator decided on taking the authenticator off.'),
  'user.pin_set': alert('A PIN locks idle sessions from now on.'),
  'user.pin_removed': alert('The PIN was removed: idle sessions end.'),
  'session.created': {
    category: 'SECURITY',
    severity: 'WARNING',
    audience: 'SUBJECT_USER',
    channels: ['INFO_BOT'],
    inCentre: true,
    description: 'A person signed in.',
  },
  'session.refused': live('SECURITY', 'Somebody failed to sign in.'),
  'session.unlocked': live('SECURITY', 'A locked session was opened by the PIN.'),
  'session.unlock_refused': live('SECURITY', 'A wrong PIN was given for a locked session.'),
  'session.stepped_up': live('SECURITY', 'A person proved to be there.'),
  'session.step_up_refused': live('SECURITY', 'Somebody failed to prove to be there.'),
  'session.ended': live('SECURITY', 'A session was ended.'),
  'merchant.updated': team('ACCOUNT', 'merchant:read', 'The data of the merchant were changed.'),
  'merchant.currency_changed': team('ACCOUNT', 'merchant:read', 'The account currency was changed.'),
  'merchant.currency_requested': team(
    'ACCOUNT',
    'merchant:read',
    'The operator is asked for another account currency.',
  ),
  'merchant.currency_decided': team(
    'ACCOUNT',
    'merchant:read',
    'The operator decided on another account currency.',
    { channels: ['EMAIL'] },
  ),
  'merchant.closed': team('ACCOUNT', 'merchant:read', 'The account was closed.', LOUD),
  'merchant.ownership_transferred': team('SECURITY', 'member:read', 'The account has another owner.', LOUD),
  'member.invited': team('SECURITY', 'member:read', 'Somebody was invited by e-mail.', { mailTo: ['email'] }),
  'member.invitation_revoked': team('SECURITY', 'member:read', 'An invitation was taken back.'),
  'member.joined': team('SECURITY', 'member:read', 'Somebody accepted an invitation.'),
  'member.changed': team('SECURITY', 'member:read', 'Role or projects of a member were changed.'),
  'member.disabled': team('SECURITY', 'member:read', 'A member lost access until further notice.'),
  'member.enabled': team('SECURITY', 'member:read', 'A disabled member has access again.'),
  'member.removed': team('SECURITY', 'member:read', 'A member left or was removed.'),
  'project.created': team('PROJECT', 'project:read', 'A project was created.', { channels: ['INFO_BOT'] }),
  'project.updated': team('PROJECT', 'project:read', 'The settings of a project were changed.'),
  'project.archived': team('PROJECT', 'project:read', 'A project was archived.'),
  'project.restored': team('PROJECT', 'project:read', 'An archived project was restored.'),
  'project.moderation_requested': team(
    'PROJECT',
    'project:read',
    'The operator is asked to approve a project.',
  ),
  'project.moderation_decided': team('PROJECT', 'project:read', 'The operator decided on a project.', {
    severity: 'WARNING',
    channels: ['EMAIL', 'MERCHANT_BOT'],
  }),
  'api_key.created': team('SECURITY', 'api_key:read', 'An API key was created.', {
    severity: 'WARNING',
    channels: ['EMAIL', 'INFO_BOT', 'MERCHANT_BOT'],
  }),
  'api_key.changed': team(
    'SECURITY',
    'api_key:read',
    'Name, scopes or addresses of an API key were changed.',
    LOUD,
  ),
  'api_key.rotated': team('SECURITY', 'api_key:read', 'An API key has a successor and ends soon.', LOUD),
  'api_key.revoked': team('SECURITY', 'api_key:read', 'An API key was revoked.', LOUD),
  'withdrawal_address.added': team('SECURITY', 'withdrawal:read', 'An address for payouts was listed.', LOUD),
  'withdrawal_address.removed': team(
    'SECURITY',
    'withdrawal:read',
    'An address for payouts was taken off the list.',
    LOUD,
  ),
  'withdrawal_whitelist.changed': team(
    'SECURITY',
    'withdrawal:read',
    'Payouts to listed addresses only was switched on or off.',
    LOUD,
  ),
  'operator.created': live('SECURITY', 'Somebody was made an operator.'),
  'operator.changed': live('SECURITY', 'The role of an operator was changed.'),
  'operator.disabled': live('SECURITY', 'An operator lost the rights.'),
  'telegram_link.connected': {
    category: 'SECURITY',
    severity: 'INFO',
    audience: 'SUBJECT_USER',
    channels: [],
    inCentre: true,
    description: 'A Telegram chat was connected to one of the bots.',
  },
  'invoice.created': live('PAYMENTS', 'An invoice was created.'),
  'invoice.quoted': live('PAYMENTS', 'The payer chose asset and network; address and amount are fixed.'),
  'invoice.reopened': live('PAYMENTS', 'The payments seen so far were taken back by the chain.'),
  'invoice.partially_paid': live('PAYMENTS', 'Less than the amount due has been seen.'),
  'invoice.confirming': live('PAYMENTS', 'The amount due was seen and waits for confirmations.'),
  'invoice.paid': {
    category: 'PAYMENTS',
    severity: 'SUCCESS',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    description: 'An invoice is paid with the confirmations asked for.',
  },
  'invoice.overpaid': {
    category: 'PAYMENTS',
    severity: 'SUCCESS',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    description: 'An invoice is paid with more than the amount due.',
  },
  'invoice.paid_late': {
    category: 'PAYMENTS',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'An expired invoice was fully paid afterwards; the money is held for a decision.',
  },
  'invoice.canceled': live('PAYMENTS', 'An invoice was cancelled or has expired.'),
  'payment.detected': live('PAYMENTS', 'A transfer to an invoice was seen on the chain.'),
  'payment.confirmed': live(
    'PAYMENTS',
    'A payment has its confirmations and waits for the rest of the amount.',
  ),
  'payment.credited': live('PAYMENTS', 'A payment was credited to the balance.'),
  'payment.held': {
    category: 'PAYMENTS',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    description: 'A payment came too late, twice or too small, and is held for a decision.',
  },
  'payment.orphaned': live('PAYMENTS', 'The chain took a payment back before it was credited.'),
  'payment.confirming': live('PAYMENTS', 'A payment that waited in the memory pool stands in a block.'),
  'payment.reversed': {
    category: 'PAYMENTS',
    severity: 'CRITICAL',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    description: 'The chain took a confirmed payment back; what was credited or held is taken back as well.',
  },
  'payment.rebound_requested': live('PAYMENTS', 'Held money of a payment is to go back to the payer.'),
  'invoice.sent': {
    ...live('PAYMENTS', 'An invoice was sent to the customer by e-mail.'),
    mailTo: ['customerEmail'],
  },
  'deposit.detected': walletLive('A transfer to a static wallet was seen on the chain.'),
  'deposit.confirming': walletLive('A deposit that waited in the memory pool stands in a block.'),
  'deposit.credited': {
    category: 'PAYMENTS',
    severity: 'SUCCESS',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    right: 'static_wallet:read',
    description: 'A deposit to a static wallet was credited to the balance.',
  },
  'deposit.held': {
    category: 'PAYMENTS',
    severity: 'WARNING',
    audience: 'MERCHANT_MEMBERS',
    channels: [],
    inCentre: true,
    right: 'static_wallet:read',
    description: 'A deposit came to a blocked static wallet, or has no rate, and is held for a decision.',
  },
  'deposit.orphaned': walletLive('The chain took a deposit back before it was credited.'),
  'deposit.reversed': {
    category: 'PAYMENTS',
    severity: 'CRITICAL',
    audience: 'MERCHANT_MEMBERS',
    channels: ['EMAIL', 'MERCHANT_BOT'],
    inCentre: true,
    right: 'static_wallet:read',
    description: 'The chain took a confirmed deposit back; what was credited or held is taken back as well.',
  },
  'deposit.rebound_requested': walletLive('Held money of a deposit is to go back to its sender.'),
  'static_wallet.created': walletLive('A static wallet was created.'),
  'static_wallet.blocked': walletLive('A static wallet was blocked: deposits to it are held.'),
  'static_wallet.activated': walletLive('A blocked static wallet takes deposits again.'),
  'payment_link.created': live('PAYMENTS', 'A payment link was created.'),
  'payment_link.updated': live('PAYMENTS', 'A payment link was changed.'),
  'payment_link.disabled': live('PAYMENTS', 'A payment link takes nothing new any more.'),
  'payment_link.enabled': live('PAYMENTS', 'A disabled payment link takes payments again.'),
  'fee_schedule.changed': live('ACCOUNT', 'What the gateway takes was changed by an operator.'),
  'transfer.unmatched': live(
    'PAYMENTS',
    'A transfer that no invoice or wallet can take came to an address of the gateway.',
  ),
} as const satisfies Record<string, EventRow>;

export type EventType = keyof typeof ROWS;

export const EVENT_CATALOGUE: Readonly<Record<EventType, EventRow>> = ROWS;

export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as readonly EventType[];

export const eventRow = (type: EventType): EventRow => EVENT_CATALOGUE[type];

/** Whether it stands in the audit log (FEATURES B8): all but the course of payments, which the ledger keeps. */
export const isAudited = (type: EventType): boolean => !UNAUDITED_TYPES.includes(type);

/** A type that this process does not know yet is none of them: a newer one writes it, and it may matter. */
export const UNAUDITED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => eventRow(type).category === 'PAYMENTS',
);
