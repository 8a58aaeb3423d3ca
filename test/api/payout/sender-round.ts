import { senderDeps } from '../../../src/server/compose/payout-senders.ts';
import { TransferRefused, type ChainSpender } from '../../../src/usecases/ports/chain-spender.ts';
import { sendQueued } from '../../../src/workers/payout-sender/send-queued.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { PAYEE } from './payout-shop.ts';

/**
 * A round of the sender, as the worker composes it, at a chain that takes nothing at the moment: what would have been signed,
 * by what arrives in the smallest unit, in the order in which it was asked for.
 */
export async function senderRound({ platform }: Pick<TestPlatform, 'platform'>): Promise<bigint[]> {
  const asked: bigint[] = [];
  const spender: ChainSpender = {
    network: 'ETHEREUM',
    hotAddress: PAYEE,
    place: async ({ amount }) => {
      asked.push(amount);
      throw new TransferRefused('the chain takes nothing', 'NOW');
    },
    estimate: never,
    sign: never,
    outbid: never,
    broadcast: never,
    look: never,
    usedElsewhere: never,
  };
  const settings = { network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub: '' };
  const deps = senderDeps(platform.gateway.background, settings);
  await sendQueued({ ...deps, spender }, new AbortController().signal);
  return asked;
}

async function never(): Promise<never> {
  throw new Error('nothing is signed here');
}
