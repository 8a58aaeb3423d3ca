import { carries, NETWORKS } from '../../domain/chain/networks.ts';
import { currencyOf, isCurrencyCode } from '../../domain/money/currencies.ts';
import type { FeesFrom } from '../../domain/payout/payout-terms.ts';
import type { PayoutTarget } from '../../domain/payout/payout.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import { positiveAmount } from '../amount-input.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import { done, refuse, type Result } from '../result.ts';

export interface PayoutRequest {
  readonly currency: string;
  /** A decimal in whole units. */
  readonly amount: string;
  /** Both for a crypto payout. */
  readonly network?: string | null | undefined;
  readonly address?: string | null | undefined;
  /** Alone for a payout to a bank. */
  readonly bankAccountId?: string | null | undefined;
  /** Whether the fees come off the amount (AMOUNT unless said) or on top of it. */
  readonly feesFrom?: FeesFrom | null | undefined;
  readonly reference?: string | null | undefined;
}

/** A request that is in order as far as its text tells. */
export interface PayoutAsked {
  readonly currency: string;
  /** In the currency's smallest unit. */
  readonly amount: bigint;
  readonly feesFrom: FeesFrom;
  readonly target: PayoutTarget;
  readonly reference: string | null;
}

const MAX_REFERENCE = 140;
const MAX_ADDRESS = 200;
const MAX_KEY = 255;

/** Reads a request, or INVALID_INPUT with the field. */
export function readPayoutRequest(formats: AddressFormats, request: PayoutRequest): Result<PayoutAsked> {
  const { currency } = request;
  const amount = isCurrencyCode(currency) ? positiveAmount(request.amount, currency) : null;
  if (amount === null)
    return refuse('INVALID_INPUT', `This is no positive decimal of ${currency}, or too large.`, 'amount');
  const reference = request.reference?.trim() || null;
  if (reference !== null && (reference.length > MAX_REFERENCE || !isPlainLine(reference)))
    return refuse('INVALID_INPUT', `This has up to ${MAX_REFERENCE} characters in one line.`, 'reference');
  const target = currencyOf(currency).kind === 'FIAT' ? readBank(request) : readAddress(formats, request);
  if (!target.ok) return target;
  return done({ currency, amount, feesFrom: request.feesFrom ?? 'AMOUNT', target: target.value, reference });
}

function readBank({ currency, bankAccountId, network, address }: PayoutRequest): Result<PayoutTarget> {
  if (network) return refuse('INVALID_INPUT', `${currency} goes to a bank account.`, 'network');
  if (address) return refuse('INVALID_INPUT', `${currency} goes to a bank account.`, 'address');
  return bankAccountId
    ? done({ kind: 'FIAT', bankAccountId })
    : refuse('INVALID_INPUT', `Name a bank account of yours for ${currency}.`, 'bankAccountId');
}

function readAddress(
  formats: AddressFormats,
  { currency, network, address: typed, bankAccountId }: PayoutRequest,
): Result<PayoutTarget> {
  if (bankAccountId) return refuse('INVALID_INPUT', `${currency} goes to an address.`, 'bankAccountId');
  if (!network || !NETWORKS.some(({ code }) => code === network) || !carries(network, currency))
    return refuse('INVALID_INPUT', `Name a network that carries ${currency}.`, 'network');
  const text = (typed ?? '').trim();
  const address = text.length > MAX_ADDRESS ? null : formats.canonical(network, text);
  return address === null
    ? refuse('INVALID_INPUT', 'This is no address that can be paid on that network.', 'address')
    : done({ kind: 'CRYPTO', network, address });
}

/** The fault of an idempotency key; null when there is none. */
export const keyFault = (key: string | null | undefined): Result<never> | null =>
  typeof key === 'string' && (key.length < 1 || key.length > MAX_KEY || !isPlainLine(key))
    ? refuse('INVALID_INPUT', `A key has 1 to ${MAX_KEY} characters in one line.`, 'idempotencyKey')
    : null;
