import { createHash } from 'node:crypto';

/** Ids in their order as one short text, to be compared over processes. */
export const hashOf = (ids: readonly string[]): string =>
  createHash('sha256').update(ids.join(' ')).digest('hex');
