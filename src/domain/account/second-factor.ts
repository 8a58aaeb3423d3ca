/** How many recovery codes a person gets at a time. */
export const RECOVERY_CODES = 10;

/** How long after it was made a secret waits for the first code of the authenticator, in milliseconds. */
export const ENROLLMENT_MS = 30 * 60_000;

/** Crockford's base32: I, L, O and U are left out, because they are misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Five bits each, 120 in a code: from 112 on a plain hash keeps it safe (ASVS 5.0, 6.5.2). */
export const RECOVERY_CODE_CHARACTERS = 24;
const RECOVERY_CODE = new RegExp(`^[${ALPHABET}]{${RECOVERY_CODE_CHARACTERS}}$`);
/** Nobody types more blanks and hyphens than this. */
const MAX_TYPED = 64;

/** A recovery code made of random bytes, one a character, in groups of four. */
export function recoveryCodeOf(bytes: Uint8Array): string {
  if (bytes.length !== RECOVERY_CODE_CHARACTERS) {
    throw new RangeError(`a recovery code takes ${RECOVERY_CODE_CHARACTERS} bytes`);
  }
  const characters = Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

/** The form by which recovery codes are compared, whatever way one was typed; null when it is none. */
export function recoveryCodeKey(typed: string): string | null {
  if (typed.length > MAX_TYPED) return null;
  const key = typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return RECOVERY_CODE.test(key) ? key : null;
}

/** The six digits of a code, with or without blanks as apps show them; null when it is none. */
export function codeDigits(typed: string): string | null {
  if (typed.length > MAX_TYPED) return null;
  const digits = typed.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}
