import type { Event } from '../../domain/event/event.ts';

/** What a template sees as `it`. Everything is one line of text without control characters. */
export interface TemplateValues {
  /** The language of the reader, for the formats; a valid BCP 47 tag. */
  readonly locale: string;
  /** Whether the event is about play money. */
  readonly test: boolean;
  /** When it happened, in UTC. */
  readonly at: string;
  /** A field of the event as text; empty when there is none. */
  readonly text: (field: string) => string;
  /** A decimal field of the event with the currency that stands in another. */
  readonly money: (amountField: string, currencyField: string) => string;
  /** Something that is not in the event, such as a link. Throws when it is missing. */
  readonly extra: (name: string) => string;
}

export function templateValues(
  event: Event,
  locale: string,
  extra: Readonly<Record<string, string>> = {},
): TemplateValues {
  const text = (field: string): string => cut(oneLine(String(event.data[field] ?? '')));
  return {
    locale,
    test: event.mode === 'TEST',
    at: formatTime(event.occurredAt, locale),
    text,
    money: (amountField, currencyField) =>
      `${formatDecimal(text(amountField), locale)}\u00a0${text(currencyField)}`,
    extra(name) {
      const value = extra[name];
      if (value === undefined) throw new Error(`${event.type} needs ${name}`);
      return oneLine(value);
    },
  };
}

/** The tag itself when formats can use it, else English. */
export function usableLocale(tag: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/**
 * Control characters could forge further lines or headers, and the marks that turn the writing direction could show
 * a value as another one.
 */
const oneLine = (value: string): string =>
  value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

/** Keeps a message below Telegram's 4096 characters whatever a stranger's browser calls itself. */
const MAX_LENGTH = 300;

const cut = (value: string): string =>
  value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH).toWellFormed()}…` : value;

const formatTime = (at: Date, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

const isDecimal = (value: string): value is `${number}` => /^-?\d+(?:\.\d+)?$/.test(value);

/** Exact: Intl formats a decimal text digit by digit, and every digit is kept. */
function formatDecimal(value: string, locale: string): string {
  if (!isDecimal(value)) return value;
  const digits = value.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
