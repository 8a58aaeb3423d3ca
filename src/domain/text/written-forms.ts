/** How numbers, times and strangers' words are written for a reader. Tags of languages are BCP 47. */

/** The tag itself when formats can use it, else English. */
export function usableLocale(tag: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** Of each kind; tags of languages are people's own text. */
const MOST_FORMATS = 200;

/** Making a format takes a millisecond, so each is kept. */
function keeping<T>(make: (locale: string, digits: number) => T): (locale: string, digits: number) => T {
  const kept = new Map<string, T>();
  return (locale, digits) => {
    const key = `${locale} ${digits}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size === MOST_FORMATS) kept.clear();
    const made = make(locale, digits);
    kept.set(key, made);
    return made;
  };
}

const timeFormat = keeping(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }),
);
const decimalFormat = keeping(
  (locale, digits) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** A moment in the form of a language, in UTC. */
export const timeText = (at: Date, locale: string): string => `${timeFormat(locale, 0).format(at)} UTC`;

const isDecimal = (value: string): value is `${number}` => /^-?\d+(?:\.\d+)?$/.test(value);

/** Exact: Intl formats a decimal text digit by digit, and every digit is kept. What is no decimal stays as it is. */
export function decimalText(value: string, locale: string): string {
  if (!isDecimal(value)) return value;
  return decimalFormat(locale, value.split('.')[1]?.length ?? 0).format(value);
}

/** The currency never stands alone on the next line. */
export const sumText = (decimal: string, currency: string, locale: string): string =>
  `${decimalText(decimal, locale)}\u00a0${currency}`;

/**
 * One line of what a stranger may have written: control characters could forge further lines or headers, and the marks
 * that turn the writing direction could show a value as another one.
 */
export const oneLine = (value: string): string =>
  value.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();

/** The same, cut where it gets too long. */
export function shortLine(value: string, length: number): string {
  const line = oneLine(value);
  return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}
