/**
 * The seconds that an answer asks to wait in Retry-After (RFC 9110, 10.2.3), or null. A date is set against the answer's
 * own (`Date`), so that no clock of ours matters; one that is over asks for nothing.
 */
export function retryAfterSeconds(retryAfter: string | null, date: string | null): number | null {
  const text = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.parse(date ?? '')) / 1_000;
  return seconds > 0 ? Math.ceil(seconds) : null;
}
