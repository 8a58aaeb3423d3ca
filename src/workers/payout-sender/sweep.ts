import { coinOf } from '../../domain/chain/networks.ts';
import { ChainUnavailable } from '../../usecases/ports/chain-reader.ts';
import {
  HotWalletShort,
  TransferRefused,
  type SpendPlace,
  type SpendTransfer,
} from '../../usecases/ports/chain-spender.ts';
import type { SweepCandidate, SweepCandidates, SweepChain } from '../../usecases/ports/deposit-sweeping.ts';
import type { SpendKind } from '../../usecases/ports/spend-store.ts';
import type { SenderDeps } from './sender-deps.ts';

export interface SweepDeps extends Pick<SenderDeps, 'spender' | 'spends' | 'ids' | 'clock' | 'logger'> {
  readonly candidates: SweepCandidates;
  readonly chain: SweepChain;
  /** By asset, in its smallest unit: what an address must hold to be swept. Other assets stay where they are. */
  readonly thresholds: Readonly<Record<string, bigint>>;
}

/** Addresses that are looked up at once. */
const ADDRESSES_AT_ONCE = 2_000;
/** What one round asks the nodes about: payouts that came meanwhile go before the others. */
const WORKED_ON_A_ROUND = 20;
/** The price of gas may rise by an eighth a block until a sweep is signed. */
const withRoom = (cost: bigint): bigint => cost + cost / 4n;
/** A top-up takes many blocks to be final: what it pays for should still do then. */
const topUp = (cost: bigint): bigint => cost + cost / 2n;

/**
 * Sends deposits of a network with accounts on to the hot wallet (FEATURES F6): a round signs for the next addresses, and
 * `followOpen` sends. The coin pays for itself; a token waits for the coin that its transfer costs, which the hot wallet
 * sends first. An address has one open spend at a time: a round that was repeated after a crash finds it.
 */
export function sweeping(deps: SweepDeps): (signal: AbortSignal) => Promise<void> {
  const { candidates, chain, thresholds, logger } = deps;
  const coin = coinOf(chain.network);
  let page = NO_PAGE;
  let at = 0;
  let last: string | null = null;
  let isShort = false;
  let wasShort = false;
  return async (signal) => {
    if (Object.keys(thresholds).length === 0) return;
    if (at >= page.candidates.length) {
      page = await candidates.after(chain.network, thresholds, page.next, ADDRESSES_AT_ONCE);
      [at, last, isShort] = [0, null, false];
    }
    for (let worked = 0; at < page.candidates.length && worked < WORKED_ON_A_ROUND && !signal.aborted;) {
      const candidate = page.candidates[at];
      at += 1;
      // The hot wallet cannot pay for the next token either; the coin pays for itself.
      if (!candidate || candidate.address === last || (isShort && candidate.asset !== coin)) continue;
      last = candidate.address;
      worked += 1;
      if (!(await guarded(deps, candidate))) isShort = true;
    }
    if (isShort && !wasShort)
      logger.warn(
        { network: chain.network, asset: coin, hotWallet: deps.spender.hotAddress },
        'the hot wallet has too little coin for sweeping tokens; they wait',
      );
    wasShort = isShort;
  };
}

const NO_PAGE: Awaited<ReturnType<SweepCandidates['after']>> = { candidates: [], next: null };

/**
 * What concerns one address does not keep the others, be it one of a former key: it is looked at again when its turn comes.
 * False when the hot wallet has too little for it.
 */
async function guarded(deps: SweepDeps, candidate: SweepCandidate): Promise<boolean> {
  try {
    await sweep(deps, candidate);
  } catch (error) {
    if (error instanceof ChainUnavailable) throw error;
    if (error instanceof HotWalletShort) return false;
    const { address, asset } = candidate;
    const fields = { network: deps.chain.network, address, asset, err: error };
    deps.logger[error instanceof TransferRefused ? 'warn' : 'error'](fields, 'a deposit is not swept yet');
  }
  return true;
}

async function sweep(deps: SweepDeps, { address, derivationIndex, asset }: SweepCandidate): Promise<void> {
  const { chain, spender, spends, thresholds } = deps;
  const there = await chain.balance(address, asset);
  if (there < (thresholds[asset] ?? there + 1n)) return;
  const transfer = { asset, to: spender.hotAddress, amount: there };
  const coin = coinOf(chain.network);
  const path = `0/${derivationIndex}`;
  if (asset === coin) {
    const amount = there - withRoom(await chain.cost(address, { ...transfer, amount: 1n }));
    if (amount <= 0n) return;
    return await sign(deps, 'SWEEP', { ...transfer, amount }, await chain.placeAt(address, path, spends));
  }
  const cost = await chain.cost(address, transfer);
  const coins = await chain.balance(address, coin);
  if (coins >= cost) return await sign(deps, 'SWEEP', transfer, await chain.placeAt(address, path, spends));
  const missing = { asset: coin, to: address, amount: topUp(cost) - coins };
  await sign(deps, 'TOP_UP', missing, await spender.place(missing, spends));
}

/** Not stored where another was first: the next look at the address decides anew. */
async function sign(
  { spender, spends, ids, clock }: SweepDeps,
  kind: SpendKind,
  transfer: SpendTransfer,
  place: SpendPlace,
): Promise<void> {
  await spends.signed({
    id: ids.next(),
    transactionId: ids.next(),
    network: spender.network,
    kind,
    payout: null,
    transfer,
    place,
    signed: await spender.sign(transfer, place),
    events: [],
    at: clock.now(),
  });
}
