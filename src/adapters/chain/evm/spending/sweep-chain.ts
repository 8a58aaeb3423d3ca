import type { SweepChain } from '../../../../usecases/ports/deposit-sweeping.ts';
import { balanceOf, gasOf } from './account-state.ts';
import { gasPrices } from './gas-prices.ts';
import { parentFeeOf } from './parent-fee.ts';
import { countsOf, nonceFor } from './several-nodes.ts';
import type { SpendingNetwork } from './spending-network.ts';
import { transferCall } from './transfer-call.ts';

/** What sweeps ask: each address has its own coin, nonces and costs. */
export const sweepChain = (spending: SpendingNetwork): SweepChain => {
  const { network, endpoints, assetOf, maxFeePerGas } = spending;
  return {
    network,

    balance: (address, code) =>
      endpoints.use('reading a balance', async ({ rpc }) => {
        const asset = assetOf(code);
        return asset.fromChain(await balanceOf(rpc, asset, address));
      }),

    cost: (from, transfer) =>
      endpoints.use('estimating a transfer', async ({ rpc }) => {
        const { most } = await gasPrices(rpc, maxFeePerGas);
        const call = transferCall(assetOf(transfer.asset), transfer);
        return (await gasOf(rpc, from, call, null)) * most + (await parentFeeOf(rpc, spending, call));
      }),

    async placeAt(address, path, store) {
      const nonce = await nonceFor(spending, address, await countsOf(spending, address), store);
      return { family: 'EVM', from: address, path, nonce };
    },
  };
};
