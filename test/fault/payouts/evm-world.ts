import type { Pool } from 'pg';
import { createPublicClient, getAddress, http, parseAbi, parseEther, parseGwei } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { createEvmCustody } from '../../../src/adapters/chain/evm/custody/evm-custody.ts';
import { createAddressDeriver } from '../../../src/adapters/chain/derivation/address-deriver.ts';
import { evmHotAddress } from '../../../src/adapters/chain/derivation/hot-address.ts';
import { startLocalChain } from '../../../src/demo/local-chain/local-chain.ts';
import { keptLog, nodeOf } from '../../chain/evm-readers.ts';
import { startFront } from './front.ts';
import { CONFIRMATIONS } from './sender.ts';
import { setCursor, type World } from './world.ts';

const NETWORK = 'ETHEREUM';
const TOKEN = parseAbi(['function balanceOf(address) view returns (uint256)']);
const METHODS = [
  'eth_sendRawTransaction',
  'eth_sendRawTransaction',
  'eth_getTransactionReceipt',
  'eth_getTransactionCount',
  'eth_getBalance',
  'eth_call',
  'eth_blockNumber',
] as const;

export async function openEvmWorld(pool: Pool): Promise<World> {
  const chain = await startLocalChain();
  const front = await startFront(chain.rpcUrl);
  const { client } = nodeOf(chain);
  const hot = evmHotAddress(chain.xpub);
  const deriver = createAddressDeriver([{ network: NETWORK, xpub: chain.xpub }]);
  const deposits: string[] = [];
  const ownFunds = { ETH: parseEther('500'), USDT: 40_000_000n };
  await chain.sendNative(hot, ownFunds.ETH);
  await chain.sendToken(hot, ownFunds.USDT);
  await chain.mine(CONFIRMATIONS);
  await client.setAutomine(false);

  /** The gateway's cursor is where the chain is. */
  const follow = async (): Promise<void> => {
    const { number, hash } = await client.getBlock();
    await setCursor(pool, NETWORK, Number(number), hash);
  };
  await follow();

  const many = createPublicClient({ transport: http(chain.rpcUrl, { batch: { batchSize: 500 } }) });
  const balance = (address: string, asset: string): Promise<bigint> =>
    asset === 'ETH'
      ? many.getBalance({ address: getAddress(address) })
      : many.readContract({
          address: getAddress(chain.usdt),
          abi: TOKEN,
          functionName: 'balanceOf',
          args: [getAddress(address)],
        });

  return {
    settings: {
      network: NETWORK,
      rpcUrl: front.url,
      chainId: chain.chainId,
      usdt: chain.usdt,
      xpub: chain.xpub,
    },
    assets: ['ETH', 'USDT'],
    least: { ETH: parseEther('0.2'), USDT: 5_000_000n },
    ownFunds,
    custody: createEvmCustody({
      network: NETWORK,
      rpcUrls: [chain.rpcUrl],
      chainId: chain.chainId,
      assets: [
        { asset: 'ETH', contract: null },
        { asset: 'USDT', contract: chain.usdt },
      ],
      xpub: chain.xpub,
      logger: keptLog(),
    }),
    methods: METHODS,
    cut: front.cut,
    cuts: front.cuts,
    receiver: () => Promise.resolve(privateKeyToAddress(generatePrivateKey())),
    received: balance,
    async deposit(wanted) {
      await client.setAutomine(true);
      const made = [];
      for (const { asset, amount } of wanted) {
        const derivationIndex = deposits.length;
        const address = deriver.derive(NETWORK, derivationIndex);
        deposits.push(address);
        const send = asset === 'ETH' ? chain.sendNative : chain.sendToken;
        const txId = await send(address, amount);
        const height = await client.getBlockNumber();
        made.push({
          network: NETWORK,
          asset,
          amount,
          address,
          derivationIndex,
          txId,
          outputIndex: 0,
          height,
        });
      }
      await client.setAutomine(false);
      await chain.mine(CONFIRMATIONS);
      await follow();
      return made;
    },
    async isMined(txId, blockHash) {
      const hash = `0x${txId.slice(2)}` as const;
      const receipt = await client.getTransactionReceipt({ hash }).catch(() => null);
      return receipt?.blockHash === blockHash && receipt.status === 'success';
    },
    async held(asset) {
      const each = await Promise.all([hot, ...deposits].map((address) => balance(address, asset)));
      return each.reduce((sum, there) => sum + there, 0n);
    },
    async mine(blocks) {
      await chain.mine(blocks);
      await follow();
    },
    async reorg() {
      await chain.reorg(1);
      await follow();
    },
    async stick() {
      const { baseFeePerGas } = await client.getBlock();
      // Above twice the price of the last block, which is what was offered.
      await client.setNextBlockBaseFeePerGas({ baseFeePerGas: (baseFeePerGas ?? 1n) * 4n + parseGwei('4') });
      await chain.mine(1);
      await follow();
    },
    unstick: () => client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') }),
    async faults() {
      const { rows } = await pool.query<{ address: string; used: string; last: string; count: string }>(
        `SELECT a.address, a.next::text AS used, coalesce(max(s.nonce) + 1, 0)::text AS last, count(s.id)::text AS count
         FROM account_nonce a LEFT JOIN spend s ON s.network = a.network AND s.from_address = a.address
         WHERE a.network = $1 GROUP BY a.network, a.address, a.next`,
        [NETWORK],
      );
      const wrong: string[] = [];
      const counts = await Promise.all(
        rows.map(({ address }) => many.getTransactionCount({ address: getAddress(address) })),
      );
      for (const [index, { address, used, last, count }] of rows.entries()) {
        const mined = counts[index];
        if (new Set([used, last, count, String(mined)]).size > 1)
          wrong.push(`${address}: next ${used}, last ${last}, ${count} spends, ${mined} mined`);
      }
      return wrong;
    },
    async stop() {
      await front.down();
      await chain.stop();
    },
  };
}
