/** In clear, or as the bytes of something that is no text. */
export type Secret = string | Uint8Array;

/** The ends of a base64 text depend on what stands beside the secret: only the part between is its own. */
function insideBase64(secret: Uint8Array, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), secret]).toString('base64');
  const from = Math.ceil((shift * 4) / 3);
  const whole = Math.floor(((shift + secret.byteLength) * 4) / 3);
  return text.slice(from, whole);
}

/**
 * How a secret may stand somewhere: in clear, in hexadecimal, in base64 wherever it begins, in a URL, or as the list of
 * its bytes, as JSON and a log write a Buffer and a Uint8Array.
 */
export function formsOf(secret: Secret): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((shift) => insideBase64(bytes, shift));
  const numbers = Array.from(bytes, String);
  const forms = [
    ...(typeof secret === 'string' ? [secret, encodeURIComponent(secret)] : []),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    numbers.join(','),
    numbers.map((number, i) => `"${i}":${number}`).join(','),
  ];
  return [...new Set(forms)];
}

/** The most digits that another number may hold by chance. */
const SHORT = 10;

/**
 * Codes of a few digits are found as numbers of their own, in quotes or not: inside a longer number, in the hexadecimal
 * of a hash or behind a decimal point they stand by chance. Nothing else that the gateway writes is a whole number of
 * six digits, so a hit is no chance.
 */
const contains = (text: string, form: string): boolean =>
  /^\d+$/.test(form) && form.length <= SHORT
    ? new RegExp(`(?<![a-z0-9]|\\d\\.)${form}(?![a-z0-9]|\\.\\d)`, 'i').test(text)
    : text.includes(form);

/** The names of the secrets that stand in the text in any form. */
export const secretsIn = (text: string, secrets: Readonly<Record<string, readonly Secret[]>>): string[] =>
  Object.entries(secrets).flatMap(([name, values]) =>
    values.some((value) => formsOf(value).some((form) => contains(text, form))) ? [name] : [],
  );
