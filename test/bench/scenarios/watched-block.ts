import type { Block, Transfer } from '../../../src/usecases/ports/chain-reader.ts';
import { match } from '../../../src/workers/chain-watcher/match.ts';
import { processBlock } from '../../../src/workers/chain-watcher/process-block.ts';
import { createBenchWatcher } from '../harness/bench-watcher.ts';
import { interleave, type Contestant, type Sample } from '../harness/rounds.ts';
import { compare, type Scenario } from '../harness/scenario.ts';
import { settle } from '../harness/seed-invoices.ts';
import { DUE, replaceInvoices, seedMerchants, seedOtherAddresses } from '../harness/seed-watched.ts';

/** Watched addresses, and transfers to them in one block; as many more go to strangers. */
const SIZES = {
  full: { small: 1_000, large: 100_000, matching: 1_000 },
  short: { small: 100, large: 5_000, matching: 100 },
} as const;
/** Blocks that are matched in one turn. */
const LOOKS = 10;

/** A block with many payments among few and many watched addresses (issue 4: a few hundred milliseconds at most). */
export const watchedBlock: Scenario = {
  name: 'watched-block',
  async run({ postgres, isShort, rounds }) {
    const { small, large, matching } = isShort ? SIZES.short : SIZES.full;
    const sides = [
      await openSide('small', await postgres.createDatabase(), small, matching),
      await openSide('large', await postgres.createDatabase(), large, matching),
    ];
    try {
      const samples = await interleave(
        sides.flatMap(({ contestants }) => contestants),
        rounds,
      );
      const ratios = ['matching', 'taken in'].map((what) =>
        compare(samples, `large over small, block ${what}`, `${what} large`, `${what} small`),
      );
      return { samples, ratios };
    } finally {
      await Promise.all(sides.map(({ end }) => end()));
    }
  },
};

async function openSide(name: string, databaseUrl: string, watched: number, matching: number) {
  const { pool, network } = createBenchWatcher(databaseUrl);
  const { store, rememberedBlocks, clock, reader } = network;
  let next = 1;
  let height = 1n;
  const block = async (): Promise<Block> => {
    const addresses = await replaceInvoices(pool, next, matching);
    next += matching;
    height += 1n;
    return blockOf(height, addresses);
  };
  await seedMerchants(pool);
  await seedOtherAddresses(pool, watched - matching);
  const first = await block();
  await store.advance(reader.network, parentOf(first), rememberedBlocks, clock.now());
  await settle(databaseUrl);

  const matchingTurn = async (): Promise<Sample> => {
    const transfers = transfersTo(await currentAddresses());
    const begun = performance.now();
    for (let look = 0; look < LOOKS; look += 1) {
      const found = await match(reader.network, store, transfers);
      if (found.matched.length !== matching) throw new Error(`${found.matched.length} matches`);
    }
    return figures(performance.now() - begun, LOOKS);
  };
  const currentAddresses = async (): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ address: string }>(
      'SELECT address FROM deposit_address WHERE derivation_index < 100000000',
    );
    return rows.map(({ address }) => address);
  };
  let waiting: Block | null = first;
  const takingTurn = async (): Promise<Sample> => {
    const taken = waiting ?? (await block());
    waiting = null;
    const head = { height: taken.height, finalized: null };
    const begun = performance.now();
    await processBlock(network, taken, head, new AbortController().signal);
    const took = performance.now() - begun;
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM payment WHERE block_height = $1 AND status = 'CONFIRMING'`,
      [taken.height],
    );
    if (rows[0]?.n !== matching) throw new Error(`${rows[0]?.n} payments of ${matching}`);
    return figures(took, 1);
  };
  const contestants: readonly Contestant[] = [
    { name: `matching ${name}`, run: matchingTurn },
    { name: `taken in ${name}`, run: takingTurn },
  ];
  return { contestants, end: () => pool.end() };
}

const figures = (milliseconds: number, blocks: number): Sample => ({
  perSecond: (blocks * 1000) / milliseconds,
  millisecondsABlock: milliseconds / blocks,
});

const hashAt = (height: bigint): string => `0x${height.toString(16).padStart(64, '0')}`;

const parentOf = (block: Block) => ({ height: block.height - 1n, hash: block.parentHash });

const blockOf = (height: bigint, addresses: readonly string[]): Block => ({
  height,
  hash: hashAt(height),
  parentHash: hashAt(height - 1n),
  minedAt: new Date(),
  transfers: transfersTo(addresses),
});

/** One to each address and one to a stranger. */
const transfersTo = (addresses: readonly string[]): readonly Transfer[] =>
  addresses.flatMap((to) => [transfer(to), transfer(`${to.slice(0, -8)}stranger`)]);

const transfer = (to: string): Transfer => ({
  txId: `0x${crypto.randomUUID()}`,
  outputIndex: 0,
  to,
  asset: 'USDT',
  contract: null,
  amount: DUE,
});
