import type { Pool } from 'pg';
import { utxoChainOf } from '../../../src/adapters/chain/addresses/utxo-chains.ts';
import { createUtxoCustody } from '../../../src/adapters/chain/utxo/custody/utxo-custody.ts';
import { createAddressDeriver } from '../../../src/adapters/chain/derivation/address-deriver.ts';
import { createUtxoSpender } from '../../../src/adapters/chain/utxo/utxo-spender.ts';
import { startLitecoinNode } from '../../testkit/litecoin-node.ts';
import { withoutEstimate } from '../../chain/spending-wallet.ts';
import { startFront } from './front.ts';
import { CONFIRMATIONS, litecoinAccount } from './sender.ts';
import { setCursor, type World } from './world.ts';

const NETWORK = 'LITECOIN';
const METHODS = [
  'sendrawtransaction',
  'sendrawtransaction',
  'gettxout',
  'getmempoolentry',
  'getblockchaininfo',
  'getmempoolinfo',
] as const;

export async function openLitecoinWorld(pool: Pool): Promise<World> {
  const node = await startLitecoinNode();
  const front = await startFront(node.rpcUrl, withoutEstimate);
  const xpub = litecoinAccount.publicExtendedKey;
  const hrp = utxoChainOf(NETWORK, 'regtest')?.hrp ?? '';
  const deriver = createAddressDeriver([{ network: NETWORK, xpub, hrp }]);
  const { hotAddress } = createUtxoSpender({
    network: NETWORK,
    chain: 'regtest',
    asset: 'LTC',
    rpcUrls: [node.rpcUrl],
    xpub,
    signer: {
      network: NETWORK,
      signHash: () => Promise.reject(new Error('nothing is signed')),
      signPsbt: () => Promise.reject(new Error('nothing is signed')),
    },
  });
  const addresses = [hotAddress];
  let isStuck = false;

  /** The gateway's cursor is where the chain is. */
  const follow = async (): Promise<void> => {
    const { blocks, bestblockhash } = await node.call<{ blocks: number; bestblockhash: string }>(
      'getblockchaininfo',
    );
    await setCursor(pool, NETWORK, blocks, bestblockhash);
  };

  await follow();
  return {
    settings: { network: NETWORK, rpcUrl: front.url },
    assets: ['LTC'],
    least: { LTC: 10_000_000n },
    ownFunds: { LTC: 0n },
    custody: createUtxoCustody({ network: NETWORK, chain: 'regtest', asset: 'LTC', rpcUrls: [node.rpcUrl] }),
    methods: METHODS,
    cut: front.cut,
    cuts: front.cuts,
    receiver: () => node.newAddress(),
    received: async (address) => units(await node.call<number>('getreceivedbyaddress', address, 1)),
    async deposit(wanted) {
      const first = addresses.length - 1;
      const made = wanted.map((_, index) => deriver.derive(NETWORK, first + index));
      addresses.push(...made);
      const txId = await node.sendOutputs(
        wanted.map(({ amount }, index) => [made[index] ?? '', (Number(amount) / 1e8).toFixed(8)]),
      );
      const [hash] = await node.mine(CONFIRMATIONS);
      const { height } = await node.call<{ height: number }>('getblockheader', hash);
      await follow();
      const { vout } = await node.call<Decoded>('getrawtransaction', txId, true, hash);
      return wanted.map(({ asset, amount }, index) => {
        const address = made[index] ?? '';
        const outputIndex =
          vout.find(({ scriptPubKey }) => scriptPubKey.addresses?.includes(address))?.n ?? -1;
        const derivationIndex = first + index;
        const place = { txId, outputIndex, height: BigInt(height) };
        return { network: NETWORK, asset, amount, address, derivationIndex, ...place };
      });
    },
    async isMined(txId, blockHash) {
      const { confirmations, tx } = await node.call<{ confirmations: number; tx: string[] }>(
        'getblock',
        blockHash,
      );
      return confirmations > 0 && tx.includes(txId);
    },
    async held() {
      const wanted = addresses.map((address) => `addr(${address})`);
      const { total_amount: total } = await node.call<{ total_amount: number }>(
        'scantxoutset',
        'start',
        wanted,
      );
      return units(total);
    },
    async mine(blocks) {
      for (let left = blocks; left > 0; left -= 1)
        await (isStuck ? node.mineExactly([]) : node.mine().then(() => undefined));
      await follow();
    },
    async reorg() {
      await node.invalidate(await node.call<string>('getbestblockhash'));
      await node.mineExactly([]);
      await node.mineExactly([]);
      await follow();
    },
    stick: () => Promise.resolve(void (isStuck = true)),
    unstick: () => Promise.resolve(void (isStuck = false)),
    async faults() {
      const { rows } = await pool.query<{ tx_id: string; output_index: number; spend_id: string | null }>(
        'SELECT tx_id, output_index, spend_id FROM coin',
      );
      const wrong: string[] = [];
      for (const { tx_id: txId, output_index: output, spend_id: spend } of rows) {
        const there = await node.call<object | null>('gettxout', txId, output, true);
        if ((there === null) !== (spend !== null)) wrong.push(`${txId}:${output} of spend ${spend}`);
      }
      return wrong;
    },
    async stop() {
      await front.down();
      await node.remove();
    },
  };
}

interface Decoded {
  readonly vout: readonly { readonly n: number; readonly scriptPubKey: { readonly addresses?: string[] } }[];
}

/** What a regtest coin holds is exact in a float. */
const units = (coins: number): bigint => BigInt(Math.round(coins * 1e8));
