import { describe, expect, test } from 'vitest';
import { bankFormats } from '../../../src/adapters/bank/bank-formats.ts';
import { accountEnding } from '../../../src/domain/payout/bank-account.ts';
import {
  readBankAccount,
  type BankAccountInput,
} from '../../../src/usecases/bank-account/bank-account-input.ts';

/** Examples of the registry of IBANs. */
const IBAN = 'DE89370400440532013000';
const given: BankAccountInput = { currency: 'EUR', holder: 'Acme Ltd', account: IBAN, country: 'DE' };
const read = (input: Partial<BankAccountInput>) => readBankAccount(bankFormats, { ...given, ...input });

describe('a bank account', () => {
  test.each([
    ['an IBAN', {}, { account: IBAN, bankCode: null, country: 'DE' }],
    ['an IBAN as people write it', { account: ' de89 3704 0044 0532 0130 00 ' }, { account: IBAN }],
    ['an IBAN with a BIC', { bankCode: 'deutdeff 500' }, { account: IBAN, bankCode: 'DEUTDEFF500' }],
    ['a short IBAN', { account: 'NO9386011117947', country: 'NO' }, { account: 'NO9386011117947' }],
    [
      'a long IBAN with letters',
      { account: 'MT84MALT011000012345MTLCAST001S', country: 'mt' },
      { account: 'MT84MALT011000012345MTLCAST001S', country: 'MT' },
    ],
    [
      'an account number and a routing number',
      { currency: 'USD', country: 'US', account: '0001 2345 67', bankCode: '021000021' },
      { account: '0001234567', bankCode: '021000021', country: 'US' },
    ],
    [
      'an account number and a BSB',
      { currency: 'AUD', country: 'AU', account: '12345678', bankCode: '062-000' },
      { account: '12345678', bankCode: '062-000' },
    ],
  ] as const)('%s is read', (_name, input, wanted) => {
    expect(read(input)).toMatchObject({ ok: true, value: wanted });
  });

  test.each([
    ['two digits changed places', { account: 'DE89370400440532010300' }, 'account'],
    ['check digits of another', { account: 'DE88370400440532013000' }, 'account'],
    ['one digit too few', { account: 'DE8937040044053201300' }, 'account'],
    ['one digit too many', { account: `${IBAN}0` }, 'account'],
    ['an IBAN of another country', { account: 'FR1420041010050500013M02606' }, 'account'],
    ['no IBAN where banks have them', { account: '0532013000', bankCode: '37040044' }, 'account'],
    ['endless text', { account: 'D'.repeat(100_000) }, 'account'],
    ['control characters', { account: `${IBAN}\u0000` }, 'account'],
    ['no BIC', { bankCode: 'DEUTDE' }, 'bankCode'],
    ['endless BIC', { bankCode: 'D'.repeat(100_000) }, 'bankCode'],
    ['no code of the bank', { country: 'US', currency: 'USD', account: '0001234567' }, 'bankCode'],
    ['a formula', { country: 'US', currency: 'USD', account: '=1+1', bankCode: '021000021' }, 'account'],
    ['a number that begins with a dash', { country: 'US', account: '-12345', bankCode: '021' }, 'account'],
    ['crypto', { currency: 'BTC' }, 'currency'],
    ['unknown currency', { currency: 'XXX' }, 'currency'],
    ['no country', { country: 'XX' }, 'country'],
    ['no holder', { holder: ' ' }, 'holder'],
    ['a holder of two lines', { holder: 'Acme\nBcc: x' }, 'holder'],
    ['a long holder', { holder: 'x'.repeat(141) }, 'holder'],
  ] as const)('%s is refused', (_name, input, field) => {
    expect(read(input)).toMatchObject({
      ok: false,
      refusal: { code: 'INVALID_INPUT', path: ['input', field] },
    });
  });

  test('is known by its end', () => {
    expect(accountEnding({ account: IBAN })).toBe('…3000');
  });
});
