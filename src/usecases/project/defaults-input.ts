import { carries, NETWORKS } from '../../domain/chain/networks.ts';
import {
  DEFAULT_LIFETIME_SECONDS,
  MAX_LIFETIME_SECONDS,
  MIN_LIFETIME_SECONDS,
} from '../../domain/invoice/invoice.ts';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import {
  basisPointsOf,
  DEFAULT_POLICIES,
  FEWEST_CONFIRMATIONS,
  MAX_UNDERPAID_BASIS_POINTS,
  MOST_CONFIRMATIONS,
  percentOf,
  wayOf,
  type PaymentPolicy,
  type PolicyOccasion,
} from '../../domain/project/payment-rules.ts';
import { positiveAmount } from '../amount-input.ts';
import type { ProjectPatch } from '../ports/project-settings-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { readSettlement, type SettlementInput } from './settlement-input.ts';

/** A value that was left out, or null for the default. */
type Given<T> = T | null | undefined;

/** What new invoices begin with and what happens to their money; what is left out stays, null is the default. */
export interface DefaultsInput extends SettlementInput {
  readonly invoiceLifetimeSeconds?: Given<number>;
  readonly acceptedAssets?: Given<readonly { readonly asset: string; readonly network: string }[]>;
  readonly underpaidAmount?: Given<{ readonly amount: string; readonly currency: string }>;
  readonly underpaidPercent?: Given<string>;
  readonly policies?: Given<{ readonly [Occasion in PolicyOccasion]?: Given<PaymentPolicy> }>;
  readonly confirmations?: Given<readonly { readonly network: string; readonly blocks: number }[]>;
}

const ALL_DEFAULTS: DefaultsInput = {
  invoiceLifetimeSeconds: null,
  acceptedAssets: null,
  underpaidAmount: null,
  underpaidPercent: null,
  policies: null,
  confirmations: null,
  settlementCurrency: null,
  rateSpreadPercent: null,
  rateLockSeconds: null,
  monitoringSeconds: null,
  networkFeePayer: null,
};

const wrong = (message: string, ...path: string[]): Result<never> =>
  refuse('INVALID_INPUT', message, 'defaults', ...path);

/** What is to be kept of the input; null for all of it brings every default back. */
export function readDefaults(input: Given<DefaultsInput>): Result<ProjectPatch> {
  if (input === undefined) return done({});
  const given = input ?? ALL_DEFAULTS;
  const parts = [
    readLifetime(given.invoiceLifetimeSeconds),
    readAccepted(given.acceptedAssets),
    readUnderpaidAmount(given.underpaidAmount),
    readUnderpaidPercent(given.underpaidPercent),
    readConfirmations(given.confirmations),
    ...readSettlement(given),
  ];
  const patch: ProjectPatch = { ...readPolicies(given.policies) };
  for (const part of parts) {
    if (!part.ok) return part;
    Object.assign(patch, part.value);
  }
  return done(patch);
}

function readLifetime(seconds: DefaultsInput['invoiceLifetimeSeconds']): Result<ProjectPatch> {
  if (seconds === undefined) return done({});
  const invoiceLifetimeSeconds = seconds ?? DEFAULT_LIFETIME_SECONDS;
  const fits =
    Number.isInteger(invoiceLifetimeSeconds) &&
    invoiceLifetimeSeconds >= MIN_LIFETIME_SECONDS &&
    invoiceLifetimeSeconds <= MAX_LIFETIME_SECONDS;
  if (fits) return done({ invoiceLifetimeSeconds });
  return wrong(
    `A lifetime is ${MIN_LIFETIME_SECONDS} to ${MAX_LIFETIME_SECONDS} seconds.`,
    'invoiceLifetimeSeconds',
  );
}

const isNetwork = (code: string): boolean => NETWORKS.some((network) => network.code === code);

function readAccepted(ways: DefaultsInput['acceptedAssets']): Result<ProjectPatch> {
  if (ways === undefined) return done({});
  const accepted = new Set<string>();
  for (const way of ways ?? []) {
    if (!isNetwork(way.network) || !carries(way.network, way.asset)) {
      return wrong(`${way.asset} is not sent over ${way.network}.`, 'acceptedAssets');
    }
    accepted.add(wayOf(way));
  }
  return done({ acceptedAssets: [...accepted].toSorted() });
}

function readUnderpaidAmount(threshold: DefaultsInput['underpaidAmount']): Result<ProjectPatch> {
  if (threshold === undefined) return done({});
  if (threshold === null) return done({ underpaidAmount: null, underpaidCurrency: null });
  const { amount, currency } = threshold;
  const underpaidAmount = isCurrencyCode(currency) ? positiveAmount(amount, currency) : null;
  if (underpaidAmount !== null) return done({ underpaidAmount, underpaidCurrency: currency });
  return wrong(
    `The amount is no positive decimal of ${currency}, or too large.`,
    'underpaidAmount',
    'amount',
  );
}

function readUnderpaidPercent(percent: DefaultsInput['underpaidPercent']): Result<ProjectPatch> {
  if (percent === undefined) return done({});
  const underpaidBasisPoints = percent === null ? 0 : basisPointsOf(percent);
  if (underpaidBasisPoints !== null && underpaidBasisPoints <= MAX_UNDERPAID_BASIS_POINTS) {
    return done({ underpaidBasisPoints });
  }
  const most = percentOf(MAX_UNDERPAID_BASIS_POINTS);
  return wrong(`Per cent are 0 to ${most} with at most two decimals.`, 'underpaidPercent');
}

function readPolicies(policies: DefaultsInput['policies']): ProjectPatch {
  const { underpaid, overpaid, late, duplicate } = policies === null ? DEFAULT_POLICIES : (policies ?? {});
  return {
    ...(underpaid === undefined ? {} : { underpaidPolicy: underpaid ?? DEFAULT_POLICIES.underpaid }),
    ...(overpaid === undefined ? {} : { overpaidPolicy: overpaid ?? DEFAULT_POLICIES.overpaid }),
    ...(late === undefined ? {} : { latePolicy: late ?? DEFAULT_POLICIES.late }),
    ...(duplicate === undefined ? {} : { duplicatePolicy: duplicate ?? DEFAULT_POLICIES.duplicate }),
  };
}

function readConfirmations(rows: DefaultsInput['confirmations']): Result<ProjectPatch> {
  if (rows === undefined) return done({});
  const fewest: Readonly<Record<string, number>> = FEWEST_CONFIRMATIONS;
  const confirmations: Record<string, number> = {};
  for (const { network, blocks } of rows ?? []) {
    const least = fewest[network];
    if (least === undefined) return wrong(`There is no network ${network}.`, 'confirmations');
    if (network in confirmations) return wrong(`${network} is named twice.`, 'confirmations');
    if (!Number.isInteger(blocks) || blocks < least || blocks > MOST_CONFIRMATIONS) {
      return wrong(`${network} takes ${least} to ${MOST_CONFIRMATIONS} confirmations.`, 'confirmations');
    }
    confirmations[network] = blocks;
  }
  return done({ confirmations });
}
