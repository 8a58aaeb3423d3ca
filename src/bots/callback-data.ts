/**
 * What the buttons carry: at most 64 bytes, so ids are written in 22 characters. Telegram hands back what it was given,
 * but a person's own client may send anything: nothing in it is believed, and it is only looked at together with the
 * links of the chat that it came from.
 */

/** An id in a pattern for callback data. */
export const ID = '([\\w-]{22})';

export const packId = (id: string): string =>
  Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

/** The id of 22 characters that matched `ID`. */
export const unpackId = (packed: string | undefined): string =>
  Buffer.from(packed ?? '', 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** A mode in a pattern for callback data. */
export const MODE = '([LT])';

export type PackedMode = 'L' | 'T';

export const packMode = (mode: 'LIVE' | 'TEST'): PackedMode => (mode === 'LIVE' ? 'L' : 'T');

export const unpackMode = (packed: string | undefined): 'LIVE' | 'TEST' => (packed === 'T' ? 'TEST' : 'LIVE');

/** The pattern of a button's data. */
export const data = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join(':')}$`);
