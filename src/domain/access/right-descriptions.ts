import type { OperatorRight, Right } from './rights.ts';

/** What each right of a member or an API key allows, for people (docs/roles.md). */
export const RIGHT_DESCRIPTIONS: Readonly<Record<Right, string>> = {
  'merchant:read': 'See name, type and company data of the merchant.',
  'merchant:write': 'Change name, company data and account currency.',
  'merchant:close': 'Close the account for good.',
  'member:read': 'See who works for the merchant, and the open invitations.',
  'member:write': 'Invite people, change their roles and projects, disable and remove them.',
  'ownership:transfer': 'Make another member the owner.',
  'audit:read': 'Read the audit log of the merchant.',
  'project:read': 'See projects and their settings.',
  'project:write': 'Create, change, archive and restore projects, and ask for moderation.',
  'api_key:read': 'See the API keys of a project, never the keys themselves.',
  'api_key:write': 'Make, change, rotate and revoke API keys.',
  'invoice:read': 'See invoices, their quotes and payments.',
  'invoice:write': 'Create and cancel invoices, and simulate payments in TEST mode.',
  'invoice:pay': 'Get quotes for an invoice whose id is known, and pay by payment links.',
  'payment:resolve': 'Accept part payments, and decide on money that is held.',
  'static_wallet:read': 'See static wallets and their deposits.',
  'static_wallet:write': 'Create, block and re-activate static wallets.',
  'balance:read': 'See balances and the statement of the merchant.',
  'withdrawal:read': 'See the addresses for payouts, and whether payouts are held.',
  'withdrawal:write': 'List and remove addresses and bank accounts for payouts, and switch the whitelist.',
  'payout:read': 'See payouts and what they need, and have webhooks tell of them.',
  'payout:write': 'Send money out.',
  'event:read': 'Follow events live.',
  'webhook:read': 'See webhook endpoints and what was sent to them, never their secrets.',
  'webhook:write': 'Add, change and remove webhook endpoints, rotate their secrets, and send again.',
  'telegram:connect': 'Connect a Telegram chat to the merchant bot.',
};

/** What each right of an operator allows. */
export const OPERATOR_RIGHT_DESCRIPTIONS: Readonly<Record<OperatorRight, string>> = {
  'operator:manage': 'Make, change and disable operators.',
  'project:moderate': 'Decide which projects take live payments, and block them.',
  'two_factor:reset': 'Decide on taking a lost authenticator off.',
  'currency:decide': 'Decide on another account currency.',
  'audit:read_all': 'Read the audit log of everybody.',
  'network:read': 'See how far each network is read.',
  'transfer:read': 'See transfers that no invoice or wallet can take.',
  'fee:read': 'See what the gateway takes.',
  'fee:write': 'Set what the gateway takes.',
  'delivery:read': 'See which messages did not arrive, their targets masked.',
  'payout:settle': 'See payouts to bank accounts that are due, and settle or reject them.',
  'custody:read': 'See what the gateway holds on each network, by its ledger and by the chain.',
  'custody:write': 'Give up a signed transaction whose place another transaction used.',
};
