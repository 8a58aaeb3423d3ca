import { expect, it } from 'vitest';
import type { SweepCandidate } from '../../../src/usecases/ports/deposit-sweeping.ts';
import { sweeping, type SweepDeps } from '../../../src/workers/payout-sender/sweep.ts';

const never = () => Promise.reject(new Error('not asked for here'));

/** A sweep of deposits that were taken away already, and whom it asked about. */
function sweepOver(candidates: readonly SweepCandidate[]) {
  const asked: string[] = [];
  let pages = 0;
  const sweep = sweeping({
    candidates: {
      after() {
        pages += 1;
        return Promise.resolve({ candidates, next: null });
      },
    },
    chain: {
      network: 'ETHEREUM',
      balance: (address) => Promise.resolve(BigInt(asked.push(address)) * 0n),
      cost: never,
      placeAt: never,
    },
    thresholds: { USDT: 1n, ETH: 1n },
  } as Partial<SweepDeps> as SweepDeps);
  return { sweep, asked, pages: () => pages };
}

it('looks at a few addresses a round, each once, and asks for more when it has seen all', async () => {
  const addresses = Array.from({ length: 50 }, (_, index) => `0x${index}`);
  const candidates = addresses.flatMap((address, derivationIndex): readonly SweepCandidate[] =>
    ['USDT', 'ETH'].map((asset) => ({ address, derivationIndex, asset })),
  );
  const { sweep, asked, pages } = sweepOver(candidates);
  const { signal } = new AbortController();
  const rounds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await sweep(signal);
    rounds.push(asked.length);
  }
  expect(rounds).toEqual([20, 40, 50]);
  expect(asked).toEqual(addresses);
  await sweep(signal);
  expect(pages()).toBe(2);
  expect(asked).toHaveLength(70);
});

it('looks at an address again that is the only one', async () => {
  const { sweep, asked } = sweepOver([{ address: '0x0', derivationIndex: 0, asset: 'USDT' }]);
  const { signal } = new AbortController();
  for (let round = 0; round < 3; round += 1) await sweep(signal);
  expect(asked).toEqual(['0x0', '0x0', '0x0']);
});
