import { originIsTold, originOf } from '../../domain/event/event-origin.ts';
import type { Event, EventData } from '../../domain/event/event.ts';

/** What a template sees as `it`. Everything is one line of text without control characters. */
export interface TemplateValues {
  /** The language of the reader, for the formats; a valid BCP 47 tag. */
  readonly locale: string;
  /** Whether the event is about play money. */
  readonly test: boolean;
  /** When it happened, in UTC. */
  readonly at: string;
  /** Where it was done from; empty when that is unknown, or an operator's and so nobody's business. */
  readonly ip: string;
  readonly device: string;
  /** A field of the event as text; empty when there is none. */
  readonly text: (field: string) => string;
  /** A field in which a person explains something, at length. */
  readonly words: (field: string) => string;
  /** A field that holds a moment (ISO 8601), in UTC; its text when it is none. */
  readonly time: (field: string) => string;
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
  const clean = (value: EventData[string] | undefined, length = MAX_LENGTH): string =>
    cut(oneLine(String(value ?? '')), length);
  const text = (field: string): string => clean(event.data[field]);
  const { ip, device } = originIsTold(event.actor) ? originOf(event) : { ip: '', device: '' };
  return {
    locale,
    test: event.mode === 'TEST',
    at: formatTime(event.occurredAt, locale),
    ip: clean(ip),
    device: clean(device),
    text,
    words: (field) => clean(event.data[field], MAX_WORDS),
    time: (field) => timeOf(text(field), locale),
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
  value.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();

/** Keeps a message below Telegram's 4096 characters whatever a stranger's browser calls itself. */
const MAX_LENGTH = 300;
/** As long as a reason or answer may be where it is taken. */
const MAX_WORDS = 1_000;

const cut = (value: string, length: number): string =>
  value.length > length ? `${value.slice(0, length).toWellFormed()}…` : value;

const formatTime = (at: Date, locale: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;

const timeOf = (value: string, locale: string): string =>
  Number.isNaN(Date.parse(value)) ? value : formatTime(new Date(value), locale);

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
