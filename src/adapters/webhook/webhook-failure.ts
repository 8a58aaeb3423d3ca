const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the connection did not stand in time',
  EPROTO: 'the encrypted connection failed',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too long',
};

/** Why there was no answer, for the log that merchants read: never an address, nor words of the other side. */
export function failureText(fault: unknown): string {
  const code = codeOf(fault);
  if (code === null) return fault instanceof Error ? fault.message : 'the network failed';
  const text = TEXTS[code];
  if (text !== undefined) return text;
  if (code.startsWith('HPE_')) return `the answer was no HTTP (${code})`;
  return /SSL|TLS|CERT|UNABLE_TO/.test(code)
    ? `the encrypted connection failed (${code})`
    : `the network failed (${code})`;
}

/** Whether the other side closed a kept connection just when it was used again. */
export const isCut = (fault: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(codeOf(fault) ?? '');

/** Of several addresses that were tried, the last one's. */
function codeOf(fault: unknown): string | null {
  if (fault instanceof AggregateError && fault.errors.length > 0) return codeOf(fault.errors.at(-1));
  return fault instanceof Error && 'code' in fault ? String(fault.code) : null;
}
