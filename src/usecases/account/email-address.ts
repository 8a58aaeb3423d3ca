import { isPlainLine } from '../plain-text.ts';

/**
 * Whether a string can be an e-mail address (RFC 5321 lengths; one "@", a dotted domain). Whether it exists shows
 * when mail is sent there. Control characters and angle brackets never pass: they would reach a mail header.
 */
export const isEmail = (text: string): boolean =>
  text.trim().length <= 254 &&
  isPlainLine(text.trim()) &&
  /^[^\s@<>",;:\\]{1,64}@[^\s@<>",;:\\]+\.[^\s@<>",;:\\.]{2,}$/u.test(text.trim());

/** The form by which addresses are compared: two spellings of one address are one account. */
export const emailKeyOf = (email: string): string => email.trim().normalize('NFKC').toLowerCase();
