import { activeHold, type HoldReason, type WithdrawalHold } from './withdrawal-hold.ts';

/** How long a newly listed address waits before payouts may go there (FEATURES B6), in milliseconds. */
export const ADDRESS_COOL_OFF_MS = 24 * 3_600_000;

export interface ListedAddress {
  readonly network: string;
  /** In the network's canonical form. */
  readonly address: string;
  /** The end of the cool-off. */
  readonly usableAt: Date;
}

export interface WithdrawalQuestion {
  /** Of the merchant, and of the person who acts. */
  readonly holds: readonly WithdrawalHold[];
  readonly whitelistOn: boolean;
  readonly addresses: readonly ListedAddress[];
  readonly network: string;
  /** In the network's canonical form. */
  readonly address: string;
  readonly at: Date;
}

export type WithdrawalVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: 'HELD'; readonly hold: HoldReason; readonly until: Date }
  | { readonly allowed: false; readonly reason: 'ADDRESS_COOLING_OFF'; readonly until: Date }
  | {
      readonly allowed: false;
      readonly reason: 'ADDRESS_NOT_LISTED' | 'ADDRESS_INVALID' | 'KEY_REVOKED' | 'MEMBER_GONE';
      readonly until: null;
    };

/**
 * Whether money may leave to this address now. The one rule of every path that pays out: asked when a payout is made,
 * when it is carried out, and by automatic withdrawals (FEATURES A11, B6; RULES 12).
 */
export function withdrawalVerdict(question: WithdrawalQuestion): WithdrawalVerdict {
  const { holds, whitelistOn, addresses, network, address, at } = question;
  const hold = activeHold(holds, at);
  if (hold) return { allowed: false, reason: 'HELD', hold: hold.reason, until: hold.endsAt };
  if (!whitelistOn) return { allowed: true };
  const listed = addresses.find((row) => row.network === network && row.address === address);
  if (!listed) return { allowed: false, reason: 'ADDRESS_NOT_LISTED', until: null };
  return listed.usableAt > at
    ? { allowed: false, reason: 'ADDRESS_COOLING_OFF', until: listed.usableAt }
    : { allowed: true };
}
