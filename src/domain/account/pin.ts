/** The wrong PINs that end a session (FEATURES A7, A14). */
export const MAX_PIN_FAILURES = 5;

const FORM = /^[0-9]{4,8}$/;

/** The middle column of a keypad, both ways: among the first that people try. */
const KEYPAD = new Set(['2580', '0852']);

/** Whether it has the form of a PIN: 4 to 8 digits. */
export const isPin = (pin: string): boolean => FORM.test(pin);

/** Whether a stranger would try it first: one digit or block repeated (7777, 1212), a run (2345, 9876), a column. */
export const isTrivialPin = (pin: string): boolean => KEYPAD.has(pin) || isRun(pin) || isRepetition(pin);

/** Each digit is the last one and a fixed step, such as 1234, 9876, 8901; the step 0 is one digit repeated. */
function isRun(pin: string): boolean {
  const digits = Array.from(pin, Number);
  const steps = digits.slice(1).map((digit, i) => (digit - (digits[i] ?? 0) + 10) % 10);
  return [0, 1, 9].some((step) => steps.every((s) => s === step));
}

const isRepetition = (pin: string): boolean => /^(.{1,4})\1+$/.test(pin);
