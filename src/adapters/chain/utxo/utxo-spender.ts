import { ChainUnavailable } from '../../../usecases/ports/chain-reader.ts';
import {
  HotWalletShort,
  TransferRefused,
  type BroadcastAnswer,
  type ChainSpender,
  type Signer,
  type SpendCoin,
  type SpendPlace,
} from '../../../usecases/ports/chain-spender.ts';
import type { CoinConsolidation } from '../../../usecases/ports/coin-consolidation.ts';
import { utxoChainOf } from '../addresses/utxo-chains.ts';
import { createCoreNodes, type CoreNodes, type CoreNodesConfig } from './core-nodes.ts';
import { createAccountScripts } from './spending/account-scripts.ts';
import { broadcastAnswer, broadcastAnswers } from './spending/broadcast-answer.ts';
import { createCoinChoice, sumOf } from './spending/coin-choice.ts';
import { createCoinJoining } from './spending/coin-joining.ts';
import { readFeeRates, type FeeRates } from './spending/fee-rates.ts';
import { replacementTerms } from './spending/replacement.ts';
import { CHANGE_PATH, createSigning } from './spending/signing.ts';
import { changeDustOf, spendPolicyOf, type SpendPolicy } from './spending/spend-policy.ts';
import { feeOf, P2WPKH_BYTES, virtualSize } from './spending/transaction-size.ts';
import { createTransferTerms } from './spending/transfer-terms.ts';
import { createWitnesses } from './spending/witnesses.ts';

export interface UtxoSpenderConfig extends Omit<CoreNodesConfig, 'genesis'> {
  /** The network's coin. */
  readonly asset: string;
  /** The account's extended public key, of the same account as the signer's. */
  readonly xpub: string;
  readonly signer: Signer;
  /** What differs from `spendPolicyOf`. */
  readonly policy?: Partial<SpendPolicy>;
}

/** Of a plain transfer: most are of one coin. */
const PLAIN_INPUTS = 2;

/**
 * Spends on a network of the Bitcoin family by Bitcoin Core or Litecoin Core, 0.21 or newer; the node needs neither a
 * wallet nor an index of transactions. All transactions may be replaced (BIP-125) and end in the account's own change
 * address. Throws RangeError when the network has no such chain, Error when the key cannot be read.
 *
 * `outbid` takes the higher fee from the change, so it gives null when there is none or it does not do: then the first
 * transaction waits until blocks have room.
 */
export function createUtxoSpender({
  asset,
  xpub,
  signer,
  policy: own,
  ...config
}: UtxoSpenderConfig): ChainSpender & CoinConsolidation {
  const { network, chain } = config;
  const parameters = utxoChainOf(network, chain);
  if (!parameters) throw new RangeError(`${network} has no chain ${chain}`);
  const policy: SpendPolicy = { ...spendPolicyOf(network), ...own };
  const scripts = createAccountScripts(xpub, parameters);
  const nodes = createCoreNodes({ ...config, genesis: parameters.genesis });
  const { look, areUsedElsewhere, present } = createWitnesses({ nodes, scripts, policy });
  const hotAddress = scripts.of(CHANGE_PATH).address;

  const feeRates = (): Promise<FeeRates> =>
    nodes.using('reading what transactions cost', (rpc) => readFeeRates(rpc, policy.fees));

  const termsOf = createTransferTerms({ network, asset, chain: parameters, policy });
  const choose = createCoinChoice({ network, asset, policy, present });
  const feeRate = async (): Promise<bigint> => (await feeRates()).rate;
  const sign = createSigning({ chain: parameters, scripts, signer, termsOf, dust: changeDustOf(policy) });
  const consolidation = createCoinJoining({ network, asset, hotAddress, policy, feeRate, present, sign });

  return {
    network,
    hotAddress,

    async estimate() {
      return feeOf(await feeRate(), virtualSize(PLAIN_INPUTS, [P2WPKH_BYTES, P2WPKH_BYTES]));
    },

    async place(transfer, store) {
      // What comes back there besides the change would be no coin of ours.
      if (transfer.to === hotAddress) throw new TransferRefused('the receiver is the hot wallet itself');
      return { family: 'UTXO', coins: await choose(termsOf(transfer, await feeRate()), store) };
    },

    async sign(transfer, place) {
      const coins = coinsOf(place);
      const signed = await sign(transfer, coins, { feeRate: await feeRate() });
      if (signed) return signed;
      throw new HotWalletShort(
        asset,
        `${network}: ${sumOf(coins)} does not do for ${transfer.amount} any more`,
      );
    },

    async outbid(transfer, place, last) {
      const coins = coinsOf(place);
      if (!last.change) return null;
      // Joining coins is not worth more than it was.
      const most = transfer.to === hotAddress ? policy.consolidation.rate : policy.fees.most;
      const terms = replacementTerms(last, await feeRates(), most);
      return terms && (await sign(transfer, coins, terms));
    },

    consolidation,

    broadcast: (raw) => give(nodes, raw),

    look: (place, txIds) => look(coinsOf(place), txIds),
    usedElsewhere: (place, txIds, since, confirmations) =>
      areUsedElsewhere({ coins: coinsOf(place), txIds, since, confirmations }),
  };
}

/** To all nodes that do not rest. A lost answer tells nothing: the node may have it. */
async function give(nodes: CoreNodes, raw: Uint8Array): Promise<BroadcastAnswer> {
  const call = ['sendrawtransaction', Buffer.from(raw).toString('hex')] as const;
  try {
    const answers = await nodes.answers('sending', async (rpc) =>
      broadcastAnswer((await rpc.askAll([call]))[0]),
    );
    return broadcastAnswers(answers, nodes.count);
  } catch (fault) {
    if (fault instanceof ChainUnavailable) return 'unknown';
    throw fault;
  }
}

function coinsOf(place: SpendPlace): readonly SpendCoin[] {
  if (place.family !== 'UTXO') throw new RangeError('a place of another family');
  return place.coins;
}
