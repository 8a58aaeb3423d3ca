import { isPlainLine } from '../text/plain-text.ts';
import { COUNTRIES } from './countries.ts';

/** Who stands behind a BUSINESS merchant (FEATURES A2). */
export interface Company {
  readonly legalName: string;
  /** Number in the register of companies, as the country writes it. */
  readonly registrationNumber: string;
  readonly taxNumber: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  readonly address: string;
  readonly city: string;
  readonly postalCode: string;
}

const LONGEST = {
  legalName: 200,
  registrationNumber: 50,
  taxNumber: 50,
  address: 200,
  city: 100,
  postalCode: 20,
} as const;

/** Without spaces around the texts; an empty tax number is none. */
export const tidyCompany = (company: Company): Company => ({
  legalName: company.legalName.trim(),
  registrationNumber: company.registrationNumber.trim(),
  taxNumber: company.taxNumber?.trim() || null,
  country: company.country.trim().toUpperCase(),
  address: company.address.trim(),
  city: company.city.trim(),
  postalCode: company.postalCode.trim(),
});

/** The first field of tidied data that is not acceptable, and why; null when all are. */
export function companyFault(company: Company): { field: keyof Company; message: string } | null {
  for (const field of Object.keys(LONGEST) as (keyof typeof LONGEST)[]) {
    const text = company[field];
    if (text === null) continue;
    const max = LONGEST[field];
    if (text.length < 1 || text.length > max || !isPlainLine(text))
      return { field, message: `This has 1 to ${max} characters in one line.` };
  }
  return COUNTRIES.has(company.country)
    ? null
    : { field: 'country', message: 'This is no country code of ISO 3166-1 (two letters).' };
}
