import { COUNTRIES } from '../merchant/countries.ts';
import { isPlainLine } from '../text/plain-text.ts';

/** A bank account that fiat payouts go to (FEATURES F2). */
export interface BankAccount {
  readonly id: string;
  readonly merchantId: string;
  readonly currency: string;
  readonly holder: string;
  /** IBAN in capitals without spaces, or an account number. */
  readonly account: string;
  /** BIC, routing number or the like; null for an IBAN that needs none. */
  readonly bankCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The end of the cool-off. */
  readonly usableAt: Date;
  readonly removedAt: Date | null;
}

/** How long a new bank account waits before payouts go there, as addresses do (FEATURES B6), in milliseconds. */
export const BANK_ACCOUNT_COOL_OFF_MS = 24 * 3_600_000;

const MAX_HOLDER = 140;
/** Letters and digits, as banks of all countries write them; none that a spreadsheet or a form could read otherwise. */
const ACCOUNT_NUMBER = /^[0-9A-Z][0-9A-Z-]{2,33}$/;
const BANK_CODE = /^[0-9A-Z][0-9A-Z-]{2,34}$/;

export const isCountry = (code: string): boolean => COUNTRIES.has(code);

/** At most what a SEPA transfer carries of twice 70 characters. */
export const isAccountHolder = (text: string): boolean =>
  text.length >= 2 && text.length <= MAX_HOLDER && isPlainLine(text);

/** An account number of a country without IBANs, in capitals and without spaces. */
export const isAccountNumber = (text: string): boolean => ACCOUNT_NUMBER.test(text);

/** Routing number, sort code, BSB and their like, in capitals and without spaces. */
export const isBankCode = (text: string): boolean => BANK_CODE.test(text);

/** Its end, by which people know it: messages and events need no more. */
export const accountEnding = ({ account }: Pick<BankAccount, 'account'>): string => `…${account.slice(-4)}`;
