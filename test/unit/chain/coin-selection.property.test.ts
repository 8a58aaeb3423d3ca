import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  selectCoins,
  type SelectionTerms,
} from '../../../src/adapters/chain/utxo/spending/coin-selection.ts';
import { leastChange, settle } from '../../../src/adapters/chain/utxo/spending/settle.ts';
import { feeOf, virtualSize } from '../../../src/adapters/chain/utxo/spending/transaction-size.ts';
import type { SpendCoin } from '../../../src/usecases/ports/chain-spender.ts';

const coinOf = (amount: bigint, index: number): SpendCoin => ({
  id: `coin-${String(index).padStart(4, '0')}`,
  txId: 'ab'.repeat(32),
  outputIndex: index,
  amount,
  path: `0/${index}`,
});

const wallets = fc
  .array(fc.bigInt({ min: 1n, max: 5_000_000n }), { maxLength: 60 })
  .map((amounts) => amounts.map(coinOf));
const terms: fc.Arbitrary<SelectionTerms> = fc.record({
  arrives: fc.bigInt({ min: 1n, max: 40_000_000n }),
  script: fc.constantFrom(22, 23, 25, 34),
  feeRate: fc.bigInt({ min: 1_000n, max: 500_000n }),
  dust: fc.constantFrom(294n, 2_940n),
  smallCoin: fc.constantFrom(0n, 10_000n, 100_000n),
});

const sumOf = (coins: readonly SpendCoin[]): bigint => coins.reduce((sum, { amount }) => sum + amount, 0n);

describe('coins for a payment', () => {
  it('are always enough for what arrives and its fee; change is never dust, and nothing is lost', () => {
    fc.assert(
      fc.property(wallets, terms, (wallet, asked) => {
        const chosen = selectCoins(wallet, asked);
        if (!chosen) return;
        expect(new Set(chosen).size).toBe(chosen.length);
        const settled = settle(sumOf(chosen), chosen.length, asked);
        if (!settled) throw new Error('the coins that were chosen do not do');
        const { fee, change } = settled;
        expect(asked.arrives + fee + (change ?? 0n)).toBe(sumOf(chosen));
        const scripts = change === null ? [asked.script] : [asked.script, 22];
        const needed = feeOf(asked.feeRate, virtualSize(chosen.length, scripts));
        expect(fee).toBeGreaterThanOrEqual(needed);
        if (change !== null) {
          expect(fee).toBe(needed);
          expect(change).toBeGreaterThanOrEqual(asked.dust);
        }
        // What is given away for the lack of an output is less than the output would cost and hold.
        const withOutput = feeOf(asked.feeRate, virtualSize(chosen.length, [asked.script, 22]));
        if (change === null) expect(fee).toBeLessThan(withOutput + leastChange(asked));
      }),
    );
  });

  it('are the same in whatever order they are found', () => {
    fc.assert(
      fc.property(wallets, terms, fc.infiniteStream(fc.nat()), (wallet, asked, random) => {
        const shuffled = wallet
          .map((coin) => ({ coin, key: random.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ coin }) => coin);
        expect(selectCoins(shuffled, asked)).toEqual(selectCoins(wallet, asked));
      }),
    );
  });

  it('are found whenever all of the useful ones together do', () => {
    fc.assert(
      fc.property(wallets, terms, (wallet, asked) => {
        const useful = wallet.filter(({ amount }) => amount > feeOf(asked.feeRate, 68));
        const all = useful.length > 0 ? settle(sumOf(useful), useful.length, asked) : null;
        expect(selectCoins(wallet, asked) !== null).toBe(all !== null);
      }),
    );
  });

  const plain: SelectionTerms = { arrives: 0n, script: 22, feeRate: 1_000n, dust: 294n, smallCoin: 1_000n };
  const wallet = [1_000_000n, 300_000n, 200_110n, 100_000n, 900n].map(coinOf);
  const amounts = (arrives: bigint): bigint[] | undefined =>
    selectCoins(wallet, { ...plain, arrives })?.map(({ amount }) => amount);

  it('leave no change where some fit', () => {
    expect(amounts(300_000n - 110n)).toEqual([300_000n]);
    expect(amounts(300_110n - 178n)).toEqual([200_110n, 100_000n]);
  });

  it('are else the largest, so that a payment has few inputs', () => {
    expect(amounts(250_000n)).toEqual([1_000_000n]);
    expect(amounts(1_250_000n)).toEqual([1_000_000n, 300_000n]);
  });

  it('are small ones only where the larger do not do', () => {
    expect(amounts(500n)).toEqual([1_000_000n]);
    expect(amounts(1_600_500n)).toHaveLength(5);
    expect(amounts(1_601_000n)).toBeUndefined();
  });

  it('are looked for within bounds, however many there are', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => coinOf(100_000n + BigInt(i) * 2n, i));
    expect(selectCoins(many, { ...plain, arrives: 10_000_001n })?.length).toBeLessThan(110);
    expect(selectCoins(many, { ...plain, arrives: 60_000_000n })).toBeNull();
  });
});
