import { electronicFormatIBAN, getCountrySpecifications, isValidBIC, isValidIBAN } from 'ibantools';
import type { BankFormats } from '../../usecases/ports/bank-formats.ts';

/** No IBAN is longer than 34 characters, and nobody writes more spaces than that. */
const MAX_TEXT = 70;

const COUNTRIES_WITH_IBAN: ReadonlySet<string> = new Set(
  Object.entries(getCountrySpecifications())
    .filter(([, { IBANRegistry }]) => IBANRegistry)
    .map(([country]) => country),
);

/** By the registry of IBANs that the library carries. */
export const bankFormats: BankFormats = {
  hasIban: (country) => COUNTRIES_WITH_IBAN.has(country),
  iban(text) {
    if (text.length > MAX_TEXT || !/^[0-9A-Za-z -]+$/.test(text)) return null;
    const iban = electronicFormatIBAN(text);
    return iban !== null && isValidIBAN(iban) ? iban : null;
  },
  bic(text) {
    const bic = text.replaceAll(' ', '').toUpperCase();
    return bic.length <= 11 && isValidBIC(bic) ? bic : null;
  },
};
