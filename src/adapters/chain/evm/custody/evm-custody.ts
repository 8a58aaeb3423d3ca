import type { SpendSight } from '../../../../usecases/ports/chain-spender.ts';
import type { BlockRef } from '../../../../usecases/ports/chain-store.ts';
import type { CustodyChain } from '../../../../usecases/ports/custody-chain.ts';
import type { OpenSpend } from '../../../../usecases/ports/spend-store.ts';
import { blockAt, hex } from '../chain-block.ts';
import { inParallel } from '../nodes/in-parallel.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { sightAt } from '../spending/sights.ts';
import { spendingNetwork, type SpendingConfig, type SpendingNetwork } from '../spending/spending-network.ts';
import type { ChainAsset } from '../spending/transfer-call.ts';
import { balancesCode, balancesOf } from './balances-call.ts';

/** Accounts of one call, and calls at once. */
const ACCOUNTS = 400;
const PARALLEL_CALLS = 4;

/**
 * Reads what the hot wallet and the deposit addresses hold at a block. Nodes keep the state of some blocks only, mostly
 * 128: of an older one they cannot tell.
 */
export function createEvmCustody(config: Omit<SpendingConfig, 'maxFeePerGas' | 'maxGas'>): CustodyChain {
  const network = spendingNetwork({ ...config, maxFeePerGas: 0n, maxGas: { coin: 0n, token: 0n } });
  const assets = config.assets.map(({ asset }) => asset);
  return {
    network: config.network,
    assets,
    look: (at, { addresses }, open) =>
      network.endpoints.use('reading what is held', async ({ rpc }) => {
        if (!(await isOfChain(rpc, at))) return null;
        const accounts = [...new Set([network.hotAddress, ...addresses])];
        const held = new Map<string, bigint>();
        for (const code of assets) held.set(code, await heldOf(rpc, network.assetOf(code), accounts, at));
        const sights = await inParallel(PARALLEL_CALLS, open, (spend) => sightOf(rpc, network, spend));
        // A reorg in between would have mixed two chains.
        return (await isOfChain(rpc, at)) ? { held, sights } : null;
      }),
  };
}

const isOfChain = async (rpc: JsonRpc, { height, hash }: BlockRef): Promise<boolean> =>
  (await blockAt(rpc, height, false))?.hash === hash;

/** Rounded down for each account, as payments and sweeps are. */
async function heldOf(
  rpc: JsonRpc,
  { contract, fromChain }: ChainAsset,
  accounts: readonly string[],
  { height }: BlockRef,
): Promise<bigint> {
  const parts = Array.from({ length: Math.ceil(accounts.length / ACCOUNTS) }, (_, index) =>
    accounts.slice(index * ACCOUNTS, (index + 1) * ACCOUNTS),
  );
  const balances = await inParallel(PARALLEL_CALLS, parts, async (part) => {
    const data = balancesCode(part, contract);
    return balancesOf(await rpc.call('eth_call', [{ data }, hex(height)]), part.length);
  });
  return balances.flat().reduce((sum, balance) => sum + fromChain(balance), 0n);
}

async function sightOf(
  rpc: JsonRpc,
  spending: SpendingNetwork,
  { place, transactions }: OpenSpend,
): Promise<SpendSight> {
  if (place.family !== 'EVM') throw new Error('coins cannot be spent on a network with accounts');
  const txIds = transactions.map(({ txId }) => txId);
  return (await sightAt(rpc, place, txIds, spending)).sight;
}
