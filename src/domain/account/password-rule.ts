/** Characters are counted as a person counts them: code points, not UTF-16 units. */
export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 256;

/** Letters and digits that must be left when what everybody can guess is taken out of a password. */
const OWN_CHARACTERS = 4;
/** Shorter names stand in too many good passwords by chance. */
const SHORTEST_NAME = 4;
const PRODUCT = 'paybell';

/** Why a password is not taken. */
export type PasswordFault = 'LENGTH' | 'TEXT' | 'COMMON' | 'GUESSABLE';

export interface PasswordCircumstances {
  /** E-mail address and names of the person's, which a stranger would try first. */
  readonly names: readonly string[];
  /** Whether it stands in a list of passwords that many people use, in its lower-case form. */
  readonly isCommon: (lowerCase: string) => boolean;
}

/**
 * What is wrong with a new password; null when nothing is (NIST SP 800-63B §3.1.1.2, ASVS 5 V6.2). There is no rule
 * about kinds of characters and the password is never changed before it is hashed.
 */
export function passwordFault(
  password: string,
  { names, isCommon }: PasswordCircumstances,
): PasswordFault | null {
  // Before anything walks through it: a code point is one or two units.
  if (password.length > 2 * MAX_PASSWORD) return 'LENGTH';
  const characters = Array.from(password);
  if (characters.length < MIN_PASSWORD || characters.length > MAX_PASSWORD) return 'LENGTH';
  // A half of a surrogate pair would be hashed as the replacement character, as any other half.
  if (!password.isWellFormed()) return 'TEXT';
  const lowerCase = password.trim().toLowerCase();
  if (isCommon(lowerCase)) return 'COMMON';
  if (new Set(characters).size <= 2 || isMostlyNames(lowerCase, names)) return 'GUESSABLE';
  return null;
}

/** Whether a name, or the words of one, are nearly the whole password: "Corner Shop" and "cornershop1". */
function isMostlyNames(lowerCase: string, names: readonly string[]): boolean {
  const letters = lettersOf(lowerCase);
  const known = [PRODUCT, ...names.flatMap((name) => [name, name.split('@', 1)[0] ?? ''])].map(lettersOf);
  return known.some(
    (name) =>
      lengthOf(name) >= SHORTEST_NAME &&
      letters.includes(name) &&
      lengthOf(letters.replaceAll(name, '')) < OWN_CHARACTERS,
  );
}

/** In code points. */
const lengthOf = (text: string): number => Array.from(text).length;

const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
