import type { ApiKeyKind } from '../../domain/access/api-key.ts';
import { formatIpRange, parseIpRange } from '../../domain/access/ip-range.ts';
import { API_KEY_RIGHTS, type Right } from '../../domain/access/rights.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { ApiKeyChange } from '../ports/api-key-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** What a person says of a key; what is left out is not looked at. */
export interface ApiKeySettings {
  readonly name?: string | undefined;
  readonly scopes?: readonly Right[] | undefined;
  readonly ipRanges?: readonly string[] | undefined;
}

export const MAX_IP_RANGES = 50;
const MAX_NAME = 100;

/** The settings in the form in which they are kept, or the first that is not acceptable. */
export function readSettings(kind: ApiKeyKind, settings: ApiKeySettings): Result<ApiKeyChange> {
  const name = settings.name?.trim();
  if (name !== undefined && (name.length < 1 || name.length > MAX_NAME || !isPlainLine(name)))
    return refuse('INVALID_INPUT', 'A key name has 1 to 100 characters in one line.', 'name');
  const scopes = settings.scopes && API_KEY_RIGHTS[kind].filter((right) => settings.scopes?.includes(right));
  if (scopes && (scopes.length === 0 || scopes.length < new Set(settings.scopes).size))
    return refuse('INVALID_INPUT', SCOPES_MESSAGE[kind], 'scopes');
  const ranges = settings.ipRanges && readRanges(settings.ipRanges);
  if (ranges && !ranges.ok) return ranges;
  return done({
    ...(name === undefined ? {} : { name }),
    ...(scopes ? { scopes } : {}),
    ...(ranges ? { ipRanges: ranges.value } : {}),
  });
}

const SCOPES_MESSAGE = {
  SECRET: 'A key has at least one scope.',
  PUBLISHABLE: 'A publishable key has the scope INVOICE_PAY and no other.',
} as const;

function readRanges(texts: readonly string[]): Result<readonly string[]> {
  if (texts.length > MAX_IP_RANGES)
    return refuse('INVALID_INPUT', `A key has at most ${MAX_IP_RANGES} address ranges.`, 'ipRanges');
  const ranges = new Set<string>();
  for (const [place, text] of texts.entries()) {
    const range = parseIpRange(text.trim());
    if (!range) {
      const message = 'Each is an IPv4 or IPv6 address or a CIDR range, such as 203.0.113.0/24.';
      return refuse('INVALID_INPUT', message, 'ipRanges', String(place));
    }
    ranges.add(formatIpRange(range));
  }
  return done([...ranges]);
}
