import { createHash } from 'node:crypto';
import { InvalidInputError } from './errors.ts';

/** Where a row stands in a list by time, newest first. */
export interface ListPlace {
  readonly createdAt: Date;
  readonly id: string;
}

const CURSOR = /^1\.(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{8})$/;

/** Which list a cursor belongs to: a place in one list says nothing about another (RULES 17). */
export const listKey = (list: object): string =>
  createHash('sha256').update(JSON.stringify(list, exactly)).digest('base64url').slice(0, 8);

const exactly = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** The opaque form of a place in a list; the leading number is the form's version. */
export const encodePlace = (list: string, { createdAt, id }: ListPlace): string =>
  Buffer.from(`1.${createdAt.getTime()}.${id}.${list}`).toString('base64url');

/** Throws InvalidInputError for a cursor that this very list did not give out. */
export function decodePlace(list: string, argument: 'after' | 'before', cursor: string): ListPlace {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match && match[3] === list) return { createdAt: new Date(Number(match[1])), id: match[2] ?? '' };
  const message = 'This is no cursor that this list gave out.';
  throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: [argument] });
}
