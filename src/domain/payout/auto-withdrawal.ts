import type { EventDraft } from '../event/event.ts';
import { formatAmount } from '../money/money.ts';

/** A rule that sends on what is credited, of LIVE mode (FEATURES F3). A merchant has one active rule an asset. */
export interface AutoWithdrawal {
  readonly id: string;
  readonly merchantId: string;
  readonly asset: string;
  readonly network: string;
  /** In the network's canonical form. */
  readonly address: string;
  /** In the asset's smallest unit: below it nothing is sent. */
  readonly threshold: bigint;
  /** The member who answers for it: payouts are asked for in this person's name. */
  readonly createdBy: string;
  /** Failures in a row. */
  readonly failures: number;
  /** What only time takes away, where that keeps it from sending. */
  readonly waits: RuleWait | null;
}

/** Why a rule sends nothing at the moment, such as HELD or LIMIT_REACHED, and when it is looked at again. */
export interface RuleWait {
  readonly reason: string;
  readonly lookAt: Date;
}

/** What time takes away is looked at so often, in milliseconds. */
const LOOKS_AGAIN_MS = 3_600_000;

export const ruleWait = (reason: string, at: Date): RuleWait => ({
  reason,
  lookAt: new Date(at.getTime() + LOOKS_AGAIN_MS),
});

export type DisabledWhy = 'BY_MEMBER' | 'FAILING';

/** So many failures in a row end a rule. */
export const MAX_FAILURES = 5;

/** What happened to a rule, in this order: a payout of it arrived, or one was refused or failed. */
export type RuleStep = 'ARRIVED' | 'FAILED';

/** Failures in a row after these steps; a payout that was made is no success before it has arrived. */
export const failuresAfter = (failures: number, steps: readonly RuleStep[]): number =>
  steps.reduce((count, step) => (step === 'ARRIVED' ? 0 : count + 1), failures);

export const hasFailedTooOften = (failures: number): boolean => failures >= MAX_FAILURES;

export const ruleCreated = (rule: AutoWithdrawal): EventDraft =>
  ruleEvent('auto_withdrawal.created', rule, {});

/** `failure` says what it failed of last. */
export const ruleDisabled = (
  rule: AutoWithdrawal,
  reason: DisabledWhy,
  failure: string | null = null,
): EventDraft => ruleEvent('auto_withdrawal.disabled', rule, { reason, failure });

const ruleEvent = (
  type: 'auto_withdrawal.created' | 'auto_withdrawal.disabled',
  { id, merchantId, asset, network, address, threshold }: AutoWithdrawal,
  more: EventDraft['data'],
): EventDraft => ({
  type,
  merchantId,
  projectId: null,
  mode: null,
  subject: { type: 'AUTO_WITHDRAWAL', id },
  data: {
    autoWithdrawalId: id,
    asset,
    network,
    address,
    threshold: formatAmount({ minorUnits: threshold, currency: asset }),
    ...more,
  },
});
