import { isCurrencyCode } from '../../domain/money/currencies.ts';
import {
  basisPointsOf,
  DEFAULT_NETWORK_FEE_PAYER,
  MAX_RATE_SPREAD_BASIS_POINTS,
  MONITORING,
  percentOf,
  RATE_LOCK,
  type NetworkFeePayer,
  type SecondsRule,
} from '../../domain/project/payment-rules.ts';
import type { ProjectPatch } from '../ports/project-settings-store.ts';
import { done, refuse, type Result } from '../result.ts';

type Given<T> = T | null | undefined;

/** At which rates a project is paid, and in what; what is left out stays, null is the default. */
export interface SettlementInput {
  readonly settlementCurrency?: Given<string>;
  readonly rateSpreadPercent?: Given<string>;
  readonly rateLockSeconds?: Given<number>;
  readonly monitoringSeconds?: Given<number>;
  readonly networkFeePayer?: Given<NetworkFeePayer>;
}

const wrong = (message: string, field: keyof SettlementInput): Result<never> =>
  refuse('INVALID_INPUT', message, 'defaults', field);

/** What is to be kept of each field. */
export const readSettlement = (input: SettlementInput): readonly Result<ProjectPatch>[] => [
  readCurrency(input.settlementCurrency),
  readSpread(input.rateSpreadPercent),
  readSeconds('rateLockSeconds', input.rateLockSeconds, RATE_LOCK),
  readSeconds('monitoringSeconds', input.monitoringSeconds, MONITORING),
  done(
    input.networkFeePayer === undefined
      ? {}
      : { networkFeePayer: input.networkFeePayer ?? DEFAULT_NETWORK_FEE_PAYER },
  ),
];

function readCurrency(settlementCurrency: Given<string>): Result<ProjectPatch> {
  if (settlementCurrency === undefined) return done({});
  if (settlementCurrency === null || isCurrencyCode(settlementCurrency)) return done({ settlementCurrency });
  return wrong(`There is no currency ${settlementCurrency}.`, 'settlementCurrency');
}

function readSpread(percent: Given<string>): Result<ProjectPatch> {
  if (percent === undefined) return done({});
  const rateSpreadBasisPoints = percent === null ? 0 : basisPointsOf(percent);
  if (rateSpreadBasisPoints !== null && rateSpreadBasisPoints <= MAX_RATE_SPREAD_BASIS_POINTS) {
    return done({ rateSpreadBasisPoints });
  }
  const most = percentOf(MAX_RATE_SPREAD_BASIS_POINTS);
  return wrong(`A spread is 0 to ${most} per cent with at most two decimals.`, 'rateSpreadPercent');
}

function readSeconds(
  field: 'rateLockSeconds' | 'monitoringSeconds',
  given: Given<number>,
  { least, most, default: otherwise }: SecondsRule,
): Result<ProjectPatch> {
  if (given === undefined) return done({});
  const seconds = given ?? otherwise;
  const fits = Number.isInteger(seconds) && seconds >= least && seconds <= most;
  return fits ? done({ [field]: seconds }) : wrong(`It takes ${least} to ${most} seconds.`, field);
}
