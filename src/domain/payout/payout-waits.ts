/**
 * Why a queued payout is not sent. What the chain, the gateway's wallet, a hold or a cool-off keep back goes on by itself
 * or by an operator's hand; see `isForMember`.
 */
export const PAYOUT_WAITS = [
  'HELD',
  'ADDRESS_COOLING_OFF',
  'ADDRESS_NOT_LISTED',
  'ADDRESS_INVALID',
  'KEY_REVOKED',
  'MEMBER_GONE',
  'LIMIT_REACHED',
  'HOT_WALLET_SHORT',
  'CHANGE_UNCONFIRMED',
  'CHAIN_UNAVAILABLE',
  'GAS_TOO_DEAR',
  'TRANSACTIONS_MISSING',
  'TRANSFER_REFUSED',
  'TRANSFER_DOUBTED',
  'ACCOUNT_USED_ELSEWHERE',
  'SIGNER_MISSING',
  'NETWORK_NOT_CONFIGURED',
  'FAULT',
] as const;
export type PayoutWait = (typeof PAYOUT_WAITS)[number];

/** What ends by a hand of the merchant's only: members are told. */
export const WAITS_FOR_MEMBER = [
  'ADDRESS_NOT_LISTED',
  'ADDRESS_INVALID',
  'KEY_REVOKED',
  'MEMBER_GONE',
] as const satisfies readonly PayoutWait[];

export const isForMember = (wait: PayoutWait): boolean =>
  (WAITS_FOR_MEMBER as readonly PayoutWait[]).includes(wait);

/** Why no payout of a network can be signed at the moment. */
export type NetworkWait = Extract<
  PayoutWait,
  'CHAIN_UNAVAILABLE' | 'GAS_TOO_DEAR' | 'TRANSACTIONS_MISSING' | 'SIGNER_MISSING' | 'NETWORK_NOT_CONFIGURED'
>;

/** Reasons that take turns while what keeps a payout is the same: a node that comes and goes is no news. */
const SAME: readonly (readonly PayoutWait[])[] = [
  ['TRANSFER_REFUSED', 'TRANSFER_DOUBTED'],
  ['CHAIN_UNAVAILABLE', 'GAS_TOO_DEAR', 'TRANSACTIONS_MISSING'],
];

/** The reasons that are the same waiting as this one, itself included. */
export const sameWait = (reason: PayoutWait): readonly PayoutWait[] =>
  SAME.find((reasons) => reasons.includes(reason)) ?? [reason];

/** The reasons that this one does not take the place of: nodes that do not answer take nothing back that they said. */
export const strongerThan = (reason: PayoutWait): readonly PayoutWait[] =>
  sameWait('CHAIN_UNAVAILABLE').includes(reason) ? sameWait('TRANSFER_REFUSED') : [];

/**
 * Why the gateway ended a payout. REVERTED: mined without effect. TRANSFER_REFUSED: the network would not carry it out.
 * PAYMENT_REVERSED: what it was to give back was taken back by the chain. PLACE_USED_ELSEWHERE: another transaction stands
 * in its place. SIMULATED: a TEST payout was let fail.
 */
export const PAYOUT_FAILURES = [
  'REVERTED',
  'TRANSFER_REFUSED',
  'PAYMENT_REVERSED',
  'PLACE_USED_ELSEWHERE',
  'SIMULATED',
] as const;
export type PayoutFailure = (typeof PAYOUT_FAILURES)[number];
