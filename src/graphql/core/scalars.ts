import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import type { ValueNode } from 'graphql';
import type { EventPosition } from '../../domain/event/event.ts';
import { decodeEventCursor, encodeEventCursor } from '../../domain/event/event-cursor.ts';

/** Sign, up to 78 digits (what numeric(78,0) holds) and up to 30 decimals; no exponent, no leading plus. */
const DECIMAL = /^-?\d{1,78}(?:\.\d{1,30})?$/;
const INTEGER = /^-?\d{1,78}$/;
/** RFC 3339 with an offset: a local time names no instant. */
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const MAX_URL_LENGTH = 2048;

const fail = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
};

/** A scalar that travels as a JSON string only: a number would have been through a float on the way. */
function textScalar<Internal>(options: {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly read: (text: string) => Internal;
  readonly write: (value: unknown) => string;
}): GraphQLScalarType<Internal, string> {
  const { name, description, read, write } = options;
  const refuse = () => fail(`${name} must be given as a string.`);
  return new GraphQLScalarType<Internal, string>({
    name,
    description,
    specifiedByURL: options.specifiedByURL,
    serialize: write,
    parseValue: (value) => (typeof value === 'string' ? read(value) : refuse()),
    parseLiteral: (node: ValueNode) => (node.kind === Kind.STRING ? read(node.value) : refuse()),
  });
}

const matching = (name: string, pattern: RegExp, what: string) => (text: unknown) =>
  typeof text === 'string' && pattern.test(text) ? text : fail(`${name} must be ${what}.`);

const decimal = matching('Decimal', DECIMAL, 'a plain decimal number in a string, such as "12.50"');

export const DecimalScalar = textScalar<string>({
  name: 'Decimal',
  description: 'An exact decimal number as a string, such as "12.50". Never a float.',
  read: decimal,
  write: decimal,
});

export const BigIntScalar = textScalar<bigint>({
  name: 'BigInt',
  description: 'A whole number of any size as a string, such as "1250".',
  read: (text) => (INTEGER.test(text) ? BigInt(text) : fail('BigInt must be a whole number in a string.')),
  write: (value) => (typeof value === 'bigint' ? value.toString() : fail('BigInt holds no whole number.')),
});

/** Date rolls 30 February over to March; such a day is refused instead. */
function readInstant(text: string): Date {
  const match = INSTANT.exec(text);
  if (!match) return fail('DateTime must be ISO 8601 with a time zone, such as "2026-11-21T08:30:00Z".');
  const [, year, month, day] = match.map(Number);
  const daysInMonth = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime()) || (day ?? 0) > daysInMonth)
    fail('DateTime names no day of the calendar.');
  return instant;
}

export const DateTimeScalar = textScalar<Date>({
  name: 'DateTime',
  description:
    'A moment as ISO 8601. Given back in UTC; accepted with Z or an offset, never as a local time.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  read: readInstant,
  write: (value) =>
    value instanceof Date && !Number.isNaN(value.getTime())
      ? value.toISOString()
      : fail('DateTime holds no moment.'),
});

export const DateScalar = textScalar<string>({
  name: 'Date',
  description: 'A day of the calendar as "2026-11-21".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  read: readDay,
  write: readDay,
});

function readDay(text: unknown): string {
  const isDay = typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith('0000');
  if (!isDay) return fail('Date must be a day such as "2026-11-21".');
  readInstant(`${text}T00:00:00Z`);
  return text;
}

/** A URL with a user name or password in it ends in logs and address bars. */
function readUrl(text: string): string {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isWeb || url.username !== '' || url.password !== '') {
    return fail('URL must be an absolute http or https address without credentials.');
  }
  return url.href;
}

export const UrlScalar = textScalar<string>({
  name: 'URL',
  description: 'An absolute http or https address, at most 2,048 characters, without credentials.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  read: readUrl,
  write: (value) => (typeof value === 'string' ? value : fail('URL holds no text.')),
});

export const EventCursorScalar = textScalar<EventPosition>({
  name: 'EventCursor',
  description: 'A place in the order of events. Opaque: keep it and hand it back, nothing else.',
  read: (text) => decodeEventCursor(text) ?? fail('EventCursor must be one that this API gave out.'),
  write: (value) => (isPosition(value) ? encodeEventCursor(value) : fail('EventCursor holds no position.')),
});

const isPosition = (value: unknown): value is EventPosition =>
  typeof value === 'object' && value !== null && 'txid' in value && 'seq' in value;

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

/** How each scalar looks to resolvers. A type, since Pothos asks for an index signature. */
export type ScalarShapes = {
  ID: { Input: string; Output: string };
  Decimal: { Input: string; Output: string };
  BigInt: { Input: bigint; Output: bigint };
  DateTime: { Input: Date; Output: Date };
  /** YYYY-MM-DD. */
  Date: { Input: string; Output: string };
  URL: { Input: string; Output: string };
  JSON: { Input: unknown; Output: unknown };
  EventCursor: { Input: EventPosition; Output: EventPosition };
};
