import {
  AccountUsedElsewhere,
  SigningPaused,
  TransferRefused,
  type SpendPlaces,
} from '../../../../usecases/ports/chain-spender.ts';
import { ChainUnavailable } from '../../../../usecases/ports/chain-reader.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { gasOf, nextNonceOf } from './account-state.ts';
import type { SpendingNetwork } from './spending-network.ts';
import { transferCall } from './transfer-call.ts';

/** What each node says that does not rest; one answer at least. Throws ChainUnavailable. */
export async function answersOf<T>(
  { endpoints }: SpendingNetwork,
  what: string,
  ask: (rpc: JsonRpc) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  await endpoints.survey(async ({ rpc }) => void answers.push(await ask(rpc)));
  // All of them rest or failed: what `use` throws says why.
  return answers.length > 0 ? answers : [await endpoints.use(what, ({ rpc }) => ask(rpc))];
}

/**
 * What one node prepares; what it refuses, the others are asked. Throws what the work throws, and TransferRefused when no
 * node takes it: NOW only when all of them are there and say so.
 */
export async function prepared<T>(
  spending: SpendingNetwork,
  asset: string,
  work: (rpc: JsonRpc) => Promise<T>,
): Promise<T> {
  const what = 'preparing a transaction';
  const tried = async (rpc: JsonRpc): Promise<{ readonly value: T } | TransferRefused> => {
    try {
      return { value: await work(rpc) };
    } catch (error) {
      if (error instanceof TransferRefused) return error;
      throw error;
    }
  };
  const first = await spending.endpoints.use(what, ({ rpc }) => tried(rpc));
  if (!(first instanceof TransferRefused)) return first.value;
  const all = await answersOf(spending, what, tried);
  const refusals = all.flatMap((answer) => (answer instanceof TransferRefused ? [answer] : []));
  for (const answer of all) if (!(answer instanceof TransferRefused)) return answer.value;
  const areSure = refusals.length === spending.nodes && refusals.every(({ word }) => word === 'NOW');
  const word = areSure && (await isSendable(spending, asset)) ? 'NOW' : 'DOUBTED';
  throw new TransferRefused(first.message, word);
}

/** Whether the token lets anything of the hot wallet go at all: while it is paused, nothing is the receiver's fault. */
async function isSendable(spending: SpendingNetwork, code: string): Promise<boolean> {
  const { endpoints, hotAddress, maxGas, assetOf } = spending;
  const asset = assetOf(code);
  if (asset.contract === null) return true;
  const call = transferCall(asset, { asset: code, to: hotAddress, amount: 1n });
  try {
    await endpoints.use('trying a token', ({ rpc }) => gasOf(rpc, hotAddress, call, maxGas.token));
    return true;
  } catch (error) {
    if (error instanceof TransferRefused) return false;
    throw error;
  }
}

/** How many transactions the nodes say that the chain has of an account. */
export interface Counts {
  readonly least: bigint;
  /** Whether those that answered agree. */
  readonly agree: boolean;
}

export async function countsOf(spending: SpendingNetwork, address: string): Promise<Counts> {
  const counts = await answersOf(spending, 'reading a nonce', (rpc) => nextNonceOf(rpc, address));
  const least = counts.reduce((a, b) => (a < b ? a : b));
  return { least, agree: counts.every((count) => count === least) };
}

/**
 * The nonce of an account's next transaction: as stored, or, where nothing was signed yet, what the nodes agree on. Throws
 * AccountUsedElsewhere when all that answer know of more transactions than were signed here, and SigningPaused while they
 * know of fewer than ended here: one that is lost would keep all that are signed behind it.
 */
export async function nonceFor(
  { network }: SpendingNetwork,
  address: string,
  { least, agree }: Counts,
  store: Pick<SpendPlaces, 'nextNonce' | 'onTheWay'>,
): Promise<bigint> {
  const next = await store.nextNonce(network, address);
  if (next === null) {
    if (agree) return least;
    throw new ChainUnavailable(`${network}: the nodes differ about the transactions of ${address}`);
  }
  const have = `${address} has ${least} transactions on ${network}`;
  if (next < least) throw new AccountUsedElsewhere(`${have}, ${next} are known`);
  if (next > least) {
    const { spends } = await store.onTheWay(network, address, least);
    if (least + BigInt(spends) < next)
      throw new SigningPaused('TRANSACTIONS_MISSING', `${have}, ${spends} are open, ${next} were signed`);
  }
  return next;
}
