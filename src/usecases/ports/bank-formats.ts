/** How bank accounts are written. */
export interface BankFormats {
  /** Whether banks of this country (ISO 3166-1 alpha-2) have IBANs. */
  hasIban(country: string): boolean;
  /** An IBAN in capitals without spaces; null when country, length or check digits are wrong (ISO 13616). */
  iban(text: string): string | null;
  /** A BIC in capitals without spaces; null when it is none (ISO 9362). */
  bic(text: string): string | null;
}
