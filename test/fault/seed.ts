import { onTestFailed } from 'vitest';

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/**
 * The randomness of one test. Its seed is told when the test fails; `FAULT_SEED` runs the same schedule again, as far
 * as the machine's own timing lets it.
 */
export function seededRandom(): Random {
  const given = Number(process.env['FAULT_SEED']);
  const seed = Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 0x7fff_fffe);
  onTestFailed(() => void process.stderr.write(`\nfailed with FAULT_SEED=${seed}\n`));
  return createRandom(seed);
}

/** mulberry32: small, and good enough to choose moments. */
function createRandom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (items) => items[below(items.length)] ?? items[0] };
}
