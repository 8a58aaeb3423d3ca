import { isEmail } from '../../domain/account/email-address.ts';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import { MAX_LIFETIME_SECONDS, MIN_LIFETIME_SECONDS } from '../../domain/invoice/invoice.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { refuse, type Result } from '../result.ts';
import type { InvoiceCreateInput } from './invoice-create.ts';

const MAX_LENGTH = {
  orderId: 128,
  description: 1000,
  customerRef: 128,
  subMerchantId: 64,
  returnUrl: 2000,
  cancelUrl: 2000,
  idempotencyKey: 255,
} as const;
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY = 64;
const MAX_METADATA_VALUE = 500;
/** Shops put metadata into objects of theirs, where these names would mean something else or be lost. */
const RESERVED_METADATA_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** The first fault of the input, with its path; null when there is none. */
export function checkInvoiceInput(input: InvoiceCreateInput): Result<never> | null {
  if (!isCurrencyCode(input.currency))
    return refuse('INVALID_INPUT', 'This is no known currency.', 'currency');
  for (const [field, max] of Object.entries(MAX_LENGTH)) {
    const value = input[field as keyof typeof MAX_LENGTH];
    if (value !== null && value !== undefined && (value.length < 1 || value.length > max)) {
      return refuse('INVALID_INPUT', `This has 1 to ${max} characters.`, field);
    }
    if (value && !isPlainText(value)) {
      return refuse('INVALID_INPUT', 'This holds control characters.', field);
    }
  }
  const { customerEmail } = input;
  if (customerEmail !== null && customerEmail !== undefined && !isEmail(customerEmail.trim())) {
    return refuse('INVALID_INPUT', 'This is no e-mail address.', 'customerEmail');
  }
  const { subMerchantId } = input;
  if (subMerchantId && !/^\w+$/.test(subMerchantId)) {
    return refuse('INVALID_INPUT', 'This has letters, digits and underscores only.', 'subMerchantId');
  }
  return checkLifetime(input) ?? checkMetadata(input);
}

function checkLifetime({ lifetimeSeconds }: InvoiceCreateInput): Result<never> | null {
  if (lifetimeSeconds === null || lifetimeSeconds === undefined) return null;
  if (
    Number.isInteger(lifetimeSeconds) &&
    lifetimeSeconds >= MIN_LIFETIME_SECONDS &&
    lifetimeSeconds <= MAX_LIFETIME_SECONDS
  ) {
    return null;
  }
  return refuse(
    'INVALID_INPUT',
    `A lifetime is ${MIN_LIFETIME_SECONDS} to ${MAX_LIFETIME_SECONDS} seconds.`,
    'lifetimeSeconds',
  );
}

function checkMetadata({ metadata }: InvoiceCreateInput): Result<never> | null {
  const entries = Object.entries(metadata ?? {});
  const reserved = entries.find(([key]) => RESERVED_METADATA_KEYS.has(key));
  if (reserved) return refuse('INVALID_INPUT', `Metadata can have no key "${reserved[0]}".`, 'metadata');
  const fits =
    entries.length <= MAX_METADATA_KEYS &&
    entries.every(
      ([key, value]) =>
        key.length >= 1 &&
        key.length <= MAX_METADATA_KEY &&
        typeof value === 'string' &&
        value.length <= MAX_METADATA_VALUE &&
        isPlainText(key) &&
        isPlainText(value),
    );
  if (fits) return null;
  return refuse(
    'INVALID_INPUT',
    `Metadata has at most ${MAX_METADATA_KEYS} keys of ${MAX_METADATA_KEY} characters, with texts of at most ${MAX_METADATA_VALUE}.`,
    'metadata',
  );
}
