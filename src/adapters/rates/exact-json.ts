import type { z } from 'zod';
import { RateSourceError } from './rate-source.ts';

/** What JavaScript hands to a reviver beyond what its types say (ECMAScript 2026, JSON.parse source text access). */
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const parse = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

/**
 * Reads JSON of a known shape, each number as the text that stands there, so that no price passes through a float.
 * Throws RateSourceError, which repeats nothing of the text.
 */
export function readExactJson<T>(text: string, shape: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = parse(text, (_key, value, { source }) => (typeof value === 'number' ? source : value));
  } catch {
    throw new RateSourceError('answered something else than JSON');
  }
  const read = shape.safeParse(json);
  if (!read.success) throw new RateSourceError('answered JSON of another shape');
  return read.data;
}
