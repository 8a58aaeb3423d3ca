import type { EventPosition } from './event.ts';

const CURSOR = /^1\.(\d{1,20})\.(\d{1,20})$/;

/** The opaque form of a place in the event order; the leading number is the form's version. */
export const encodeEventCursor = ({ txid, seq }: EventPosition): string =>
  Buffer.from(`1.${txid}.${seq}`).toString('base64url');

/** Null when the text is no cursor of ours. */
export function decodeEventCursor(cursor: string): EventPosition | null {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match || cursor.length > 64) return null;
  return { txid: BigInt(match[1] ?? ''), seq: BigInt(match[2] ?? '') };
}
