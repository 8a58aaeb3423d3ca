import {
  isAccountHolder,
  isAccountNumber,
  isBankCode,
  isCountry,
  type BankAccount,
} from '../../domain/payout/bank-account.ts';
import { CURRENCIES } from '../../domain/money/currencies.ts';
import type { BankFormats } from '../ports/bank-formats.ts';
import { done, refuse, type Result } from '../result.ts';

export interface BankAccountInput {
  readonly currency: string;
  readonly holder: string;
  readonly account: string;
  readonly bankCode?: string | null | undefined;
  readonly country: string;
}

type Details = Pick<BankAccount, 'currency' | 'holder' | 'account' | 'bankCode' | 'country'>;

/** The bank account that somebody typed, or INVALID_INPUT with the field (FEATURES F2). */
export function readBankAccount(formats: BankFormats, input: BankAccountInput): Result<Details> {
  const { currency } = input;
  if (!CURRENCIES.some(({ code, kind }) => code === currency && kind === 'FIAT'))
    return refuse('INVALID_INPUT', 'A bank account has a fiat currency.', 'currency');
  const holder = input.holder.trim();
  if (!isAccountHolder(holder))
    return refuse('INVALID_INPUT', 'A holder has 2 to 140 characters in one line.', 'holder');
  const country = input.country.trim().toUpperCase();
  if (!isCountry(country)) return refuse('INVALID_INPUT', 'This is no country.', 'country');
  const place = formats.hasIban(country) ? readIban(formats, country, input) : readAccountNumber(input);
  return place.ok ? done({ currency, holder, country, ...place.value }) : place;
}

type Place = Pick<BankAccount, 'account' | 'bankCode'>;

function readIban(
  formats: BankFormats,
  country: string,
  { account, bankCode }: BankAccountInput,
): Result<Place> {
  const iban = formats.iban(account);
  if (iban === null) return refuse('INVALID_INPUT', 'This is no IBAN.', 'account');
  if (!iban.startsWith(country))
    return refuse('INVALID_INPUT', 'This IBAN is of another country.', 'account');
  if (!bankCode?.trim()) return done({ account: iban, bankCode: null });
  const bic = formats.bic(bankCode);
  return bic === null
    ? refuse('INVALID_INPUT', 'This is no BIC.', 'bankCode')
    : done({ account: iban, bankCode: bic });
}

function readAccountNumber({ account: typed, bankCode: code }: BankAccountInput): Result<Place> {
  const account = written(typed);
  if (!isAccountNumber(account))
    return refuse('INVALID_INPUT', 'An account number has 3 to 34 letters and digits.', 'account');
  const bankCode = written(code ?? '');
  return isBankCode(bankCode)
    ? done({ account, bankCode })
    : refuse('INVALID_INPUT', "The bank's code has 3 to 35 letters and digits.", 'bankCode');
}

const written = (text: string): string => text.replaceAll(' ', '').toUpperCase();
