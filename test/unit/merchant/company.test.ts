import { describe, expect, test } from 'vitest';
import { closingConditions, mayClose } from '../../../src/domain/merchant/closing.ts';
import { companyFault, tidyCompany, type Company } from '../../../src/domain/merchant/company.ts';
import { COUNTRIES } from '../../../src/domain/merchant/countries.ts';

const COMPANY: Company = {
  legalName: 'Corner Shop Ltd',
  registrationNumber: 'HRB 1234',
  taxNumber: null,
  country: 'CH',
  address: 'High Street 1',
  city: 'Zürich',
  postalCode: '8001',
};

describe('the data of a company', () => {
  test('are tidied: no spaces around, an empty tax number is none, the country in capitals', () => {
    const tidied = tidyCompany({
      ...COMPANY,
      legalName: ' Corner Shop Ltd ',
      taxNumber: '  ',
      country: 'ch',
    });
    expect(tidied).toEqual(COMPANY);
    expect(companyFault(tidied)).toBeNull();
  });

  test.each<[string, Partial<Company>, keyof Company]>([
    ['no name', { legalName: '' }, 'legalName'],
    ['a name of 201 characters', { legalName: 'n'.repeat(201) }, 'legalName'],
    ['a line break', { address: 'High Street\n1' }, 'address'],
    ['a NUL', { city: 'Z\u0000' }, 'city'],
    ['half a character', { registrationNumber: '\uD800' }, 'registrationNumber'],
    ['an empty tax number', { taxNumber: '' }, 'taxNumber'],
    ['a long postal code', { postalCode: '1'.repeat(21) }, 'postalCode'],
    ['a country that is none', { country: 'XX' }, 'country'],
    ['the European Union', { country: 'EU' }, 'country'],
    ['three letters', { country: 'CHE' }, 'country'],
  ])('with %s are refused', (_what, fault, field) => {
    expect(companyFault({ ...COMPANY, ...fault })?.field).toBe(field);
  });

  test('know the 249 countries of ISO 3166-1', () => {
    expect(COUNTRIES.size).toBe(249);
    for (const code of COUNTRIES) expect(code).toMatch(/^[A-Z]{2}$/);
  });
});

describe('closing an account', () => {
  const NONE = { openInvoices: 0, unfinishedPayments: 0, openPayouts: 0, balances: [] };

  test('is open to one that has nothing left', () => {
    expect(mayClose(closingConditions(NONE))).toBe(true);
  });

  test.each([
    ['NO_OPEN_INVOICES', { openInvoices: 2 }, '2 live invoices wait for their payment.'],
    ['NO_UNFINISHED_PAYMENTS', { unfinishedPayments: 1 }, '1 live payments wait for confirmations.'],
    ['NO_OPEN_PAYOUTS', { openPayouts: 3 }, '3 payouts are on their way.'],
    [
      'NO_BALANCE',
      { balances: [{ asset: 'USDT', kind: 'HELD', minorUnits: 1_500_000n }] },
      'There is money on the account: 1.500000 USDT held.',
    ],
    [
      'NOTHING_OWED',
      { balances: [{ asset: 'BTC', kind: 'OWED', minorUnits: -1n }] },
      'The account owes: 0.00000001 BTC owed.',
    ],
  ])('tells %s, and no other', (name, fact, detail) => {
    const conditions = closingConditions({ ...NONE, ...fact });
    expect(conditions.filter(({ met }) => !met)).toEqual([{ condition: name, met: false, detail }]);
    expect(mayClose(conditions)).toBe(false);
  });
});
