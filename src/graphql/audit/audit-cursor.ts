import { InvalidInputError } from '../core/errors.ts';

const CURSOR = /^1\.(\d{1,18})\.([\w-]{8})$/;

/** The opaque form of an entry's place in one list; the leading number is the form's version. */
export const encodeNumber = (list: string, number: bigint): string =>
  Buffer.from(`1.${number}.${list}`).toString('base64url');

/** Throws InvalidInputError for a cursor that this very list did not give out (RULES 17). */
export function decodeNumber(list: string, argument: 'after' | 'before', cursor: string): bigint {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match && match[2] === list) return BigInt(match[1] ?? '');
  const message = 'This is no cursor that this list gave out.';
  throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: [argument] });
}
