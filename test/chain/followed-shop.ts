import { createChainFollower } from '../../src/workers/chain-watcher/follow-chain.ts';
import type { TestDatabase } from '../testkit/database.ts';
import type { FakeChain } from './fake-chain.ts';
import { openShop, type WatcherOptions } from './watched-shop.ts';

/** Public key of BIP-32's test vectors: nobody holds anything by it. */
const XPUB =
  'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5';

/** A shop on a chain in memory. Its watcher takes a step when it is told to, without a lock and a pause. */
export async function openFollowedShop(db: TestDatabase, chain: FakeChain) {
  const shop = await openShop(db, { xpub: XPUB, reader: () => chain.reader });
  return {
    ...shop,
    /** A watcher that has just begun to lead. It begins with the block at the base of the chain. */
    follower(options: WatcherOptions = {}): { catchUp(): Promise<void> } {
      const network = { ...shop.watched(options), rememberedBlocks: options.rememberedBlocks ?? 128 };
      const follower = createChainFollower(network, chain.base, () => Promise.resolve());
      const never = new AbortController().signal;
      return { catchUp: () => follower.catchUp(never) };
    },
  };
}

export type FollowedShop = Awaited<ReturnType<typeof openFollowedShop>>;
