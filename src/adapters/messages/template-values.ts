import { NETWORKS } from '../../domain/chain/networks.ts';
import { originIsTold, originOf } from '../../domain/event/event-origin.ts';
import type { Event, EventData } from '../../domain/event/event.ts';
import { decimalText, oneLine, shortLine, sumText, timeText } from '../../domain/text/written-forms.ts';

/** What messages are written of: an event, or several as one. */
export type WrittenEvent = Pick<Event, 'mode' | 'actor' | 'occurredAt' | 'data'> & { readonly type: string };

/** What a template sees as `it`. Everything inserted is one line of text without control characters. */
export interface TemplateValues {
  /** Whether the event is about play money. */
  readonly test: boolean;
  /** When it happened, in UTC. */
  readonly at: string;
  /** Where it was done from; empty when that is unknown, or an operator's and so nobody's business. */
  readonly ip: string;
  readonly device: string;
  /** A field of the event as text; empty when there is none. */
  readonly text: (field: string) => string;
  /** The same for what people copy: an id, an address, a transaction. */
  readonly id: (field: string) => string;
  /** A field in which a person explains something, at length. */
  readonly words: (field: string) => string;
  /** A field that holds one of a few codes, in words; the code itself when there are none for it. */
  readonly choice: (field: string, words: Readonly<Record<string, string>>) => string;
  /** A field that holds the code of a network: its name. */
  readonly network: (field: string) => string;
  /** A field that holds a moment (ISO 8601), in UTC; its text when it is none. */
  readonly time: (field: string) => string;
  /** A field that holds a number. */
  readonly number: (field: string) => string;
  /** The same in words by the language's plural rules, in which `#` stands for the number. */
  readonly plural: (field: string, words: PluralWords) => string;
  /** A decimal field of the event with the currency that stands in another. */
  readonly money: (amountField: string, currencyField: string) => string;
  /** The same for fields that are numbered from 0 on. */
  readonly sums: (amountField: string, currencyField: string) => readonly string[];
  /** Something that is not in the event. Throws when it is missing. */
  readonly extra: (name: 'link' | 'code') => string;
}

type PluralWords = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** `locale` is for the formats; `mark` shows in a notice what stands out. */
export function templateValues(
  event: WrittenEvent,
  locale: string,
  extra: Readonly<Record<string, string>>,
  mark: (kind: 'id' | 'link' | 'code', value: string) => string = (_, value) => value,
): TemplateValues {
  const clean = (value: EventData[string] | undefined, length = MAX_LENGTH): string =>
    shortLine(String(value ?? ''), length);
  const text = (field: string): string => clean(event.data[field]);
  const money = (amount: string, currency: string): string => sumText(text(amount), text(currency), locale);
  const { ip, device } = originIsTold(event.actor) ? originOf(event) : { ip: '', device: '' };
  return {
    test: event.mode === 'TEST',
    at: timeText(event.occurredAt, locale),
    ip: clean(ip),
    device: clean(device),
    text,
    id: (field) => (text(field) === '' ? '' : mark('id', text(field))),
    words: (field) => clean(event.data[field], MAX_WORDS),
    choice: (field, words) => new Map(Object.entries(words)).get(text(field)) ?? text(field),
    network: (field) => NETWORKS.find(({ code }) => code === text(field))?.name ?? text(field),
    time: (field) => timeOf(text(field), locale),
    number: (field) => decimalText(text(field), locale),
    plural(field, words) {
      const word = words[new Intl.PluralRules(locale).select(Number(text(field)))] ?? words.other;
      return word.replace('#', () => decimalText(text(field), locale));
    },
    money,
    sums(amount, currency) {
      const places = Object.keys(event.data).filter((_, place) => text(`${amount}${place}`) !== '');
      return places.map((_, place) => money(`${amount}${place}`, `${currency}${place}`));
    },
    extra(name) {
      const value = extra[name];
      if (value === undefined) throw new Error(`${event.type} needs ${name}`);
      return mark(name, oneLine(value));
    },
  };
}

/** Numbers and dates are written as the text is: a reader whose language there is no text in gets those of the text's. */
export const formatsOf = (tag: string, textLanguage: string): string =>
  new Intl.Locale(tag).language === new Intl.Locale(textLanguage).language ? tag : textLanguage;

/** Keeps a message below Telegram's 4096 characters whatever a stranger's browser calls itself. */
const MAX_LENGTH = 300;
/** As long as a reason or answer may be where it is taken. */
const MAX_WORDS = 1_000;

const timeOf = (value: string, locale: string): string =>
  Number.isNaN(Date.parse(value)) ? value : timeText(new Date(value), locale);
