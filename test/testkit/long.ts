/** Whether this is the long form of the suite (`npm run test:long`). */
export const IS_LONG = process.env['LONG'] === '1';

/** A number of rounds: few in the suite, many in its long form. */
export const rounds = (few: number, many: number): number => (IS_LONG ? many : few);
