import { agreed } from '../node-sights.ts';
import { bytesToHex, getAddress } from 'viem/utils';
import {
  TransferRefused,
  type BroadcastAnswer,
  type ChainSpender,
  type Signer,
  type SpendPlace,
  type SpendSight,
} from '../../../usecases/ports/chain-spender.ts';
import type { SweepChain } from '../../../usecases/ports/deposit-sweeping.ts';
import { HOT_PATH } from '../derivation/hot-address.ts';
import { gasOf } from './spending/account-state.ts';
import { answerOf, giveTo } from './spending/broadcast.ts';
import { gasPrices } from './spending/gas-prices.ts';
import { parentFeeOf } from './spending/parent-fee.ts';
import { signTransaction, type AccountPlace } from './spending/raw-transaction.ts';
import { answersOf, countsOf, nonceFor, prepared } from './spending/several-nodes.ts';
import { isUsedElsewhere, sightAt } from './spending/sights.ts';
import { spendingNetwork, type SpendingConfig, type SpendingNetwork } from './spending/spending-network.ts';
import { sweepChain } from './spending/sweep-chain.ts';
import { higherTerms, transferTerms } from './spending/terms.ts';
import { transferCall } from './spending/transfer-call.ts';

export interface EvmSpenderConfig extends SpendingConfig {
  readonly signer: Pick<Signer, 'signHash'>;
}

/** What a token's new holder costs besides: its first balance is a new word of storage. */
const NEW_HOLDER_GAS = 25_000n;

/**
 * Sends on an EVM network: EIP-1559 transactions of the network's coin and of known tokens, from accounts below one
 * account key. Funds and prices are what one node says; a nonce, a refusal, and what became of a transaction are what all of
 * them say together. A signed transaction is given to all.
 */
export function createEvmSpender(config: EvmSpenderConfig): ChainSpender & SweepChain {
  const { signer } = config;
  const spending = spendingNetwork(config);
  const { network, chainId, hotAddress, maxFeePerGas, endpoints, contracts, assetOf } = spending;

  return {
    ...sweepChain(spending),
    hotAddress,

    estimate: (code) =>
      endpoints.use('estimating a transfer', async ({ rpc }) => {
        const call = transferCall(assetOf(code), { asset: code, to: hotAddress, amount: 0n });
        const gas = await gasOf(rpc, hotAddress, call, null);
        const { most } = await gasPrices(rpc, maxFeePerGas);
        const parentFee = await parentFeeOf(rpc, spending, call);
        return (call.data === '0x' ? gas : gas + NEW_HOLDER_GAS) * most + parentFee;
      }),

    async place(transfer, store) {
      const to = getAddress(transfer.to);
      if (to === hotAddress) throw new TransferRefused('the receiver is the hot wallet itself');
      // Nobody has the key of a token's contract.
      if (contracts.has(to)) throw new TransferRefused('the receiver is the contract of a token');
      // Before the balances: what is mined in between counts twice rather than never.
      const counts = await countsOf(spending, hotAddress);
      const onTheWay = await store.onTheWay(network, hotAddress, counts.least);
      await prepared(spending, transfer.asset, (rpc) =>
        transferTerms(rpc, spending, hotAddress, transfer, onTheWay),
      );
      const nonce = await nonceFor(spending, hotAddress, counts, store);
      return { family: 'EVM', from: hotAddress, path: HOT_PATH, nonce };
    },

    async sign(transfer, place) {
      const account = accountOf(place);
      const terms = await prepared(spending, transfer.asset, (rpc) =>
        transferTerms(rpc, spending, account.from, transfer),
      );
      return await signTransaction(
        signer,
        chainId,
        account,
        transferCall(assetOf(transfer.asset), transfer),
        terms,
      );
    },

    async outbid(transfer, place, last) {
      const account = accountOf(place);
      const call = transferCall(assetOf(transfer.asset), transfer);
      const terms = await endpoints.use('asking for the price of gas', ({ rpc }) =>
        higherTerms(rpc, account.from, call, last, maxFeePerGas),
      );
      return terms && (await signTransaction(signer, chainId, account, call, terms));
    },

    broadcast: (raw) => give(spending, raw),
    look: (place, txIds) => lookAt(spending, accountOf(place), txIds),

    async usedElsewhere(place, txIds, _since, confirmations) {
      const account = accountOf(place);
      let agreeing = 0;
      await endpoints.survey(async ({ rpc }) => {
        if (await isUsedElsewhere(rpc, account, txIds, spending, confirmations)) agreeing += 1;
      });
      return agreeing > 0 && agreeing === spending.nodes;
    },
  };
}

/** To all nodes that do not rest: one that has it is enough, and the others would have it from that one later. */
async function give({ endpoints, nodes }: SpendingNetwork, raw: Uint8Array): Promise<BroadcastAnswer> {
  const answers: BroadcastAnswer[] = [];
  const encoded = bytesToHex(raw);
  await endpoints.survey(async ({ rpc }) => void answers.push(await giveTo(rpc, encoded)));
  return answerOf(answers, nodes);
}

async function lookAt(
  spending: SpendingNetwork,
  place: AccountPlace,
  txIds: readonly string[],
): Promise<SpendSight> {
  return agreed(
    await answersOf(spending, 'looking for transactions', (rpc) => sightAt(rpc, place, txIds, spending)),
  );
}

function accountOf(place: SpendPlace): AccountPlace {
  if (place.family !== 'EVM') throw new Error('coins cannot be spent on a network with accounts');
  return place;
}
