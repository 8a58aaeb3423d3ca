import { isPlainLine } from '../text/plain-text.ts';

/** No list, no name, no comment, no literal: nothing that could end a header or an SMTP command. */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]+$/u;

/** Marks that turn the writing direction could show an address as another one. */
const BIDI = /\p{Bidi_Control}/u;

/**
 * Whether a text is one address that mail can be sent to or from, and nothing else (RFC 5321 lengths; QUALITY,
 * security 36). The gateway's own may end in a bare host name, such as localhost.
 */
export const isMailbox = (text: string): boolean =>
  text.length <= 254 && isPlainLine(text) && ADDRESS.test(text) && !BIDI.test(text);

/**
 * Whether a text is the address of a person: a mailbox with a dotted domain, without spaces around it. Whether it
 * exists shows when mail is sent there.
 */
export const isEmail = (text: string): boolean => isMailbox(text) && /@.+\.[^.]{2,}$/u.test(text);

/** The form by which addresses are compared: two spellings of one address are one account. */
export const emailKeyOf = (email: string): string => email.trim().normalize('NFKC').toLowerCase();
