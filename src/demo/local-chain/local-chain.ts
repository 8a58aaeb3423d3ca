import { pbkdf2Sync } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import {
  createTestClient,
  getAddress,
  http,
  parseAbi,
  publicActions,
  walletActions,
  type Address,
  type Hash,
} from 'viem';
import { startAnvil } from './anvil-process.ts';
import tether from './demo-tether.json' with { type: 'json' };

export interface LocalChainOptions {
  /** Seconds between blocks; without it every transaction makes a block at once. */
  readonly blockTimeSeconds?: number;
}

/** A transaction to stand in the new blocks of a reorg; `block` counts from 0, the lowest replaced block. */
export interface ReminedTransaction {
  readonly txId: string;
  readonly block: number;
}

/** An EVM chain of one's own with a token that stands for Tether. Amounts are in wei and token units (10^-6). */
export interface LocalChain {
  readonly rpcUrl: string;
  readonly chainId: number;
  /** Contract of the token. */
  readonly usdt: string;
  /** Account-level extended public key (m/44'/60'/0') to derive receiving addresses from. */
  readonly xpub: string;
  mine(blocks: number): Promise<void>;
  /** Sends the chain's own coin; gives the transaction id once it is in a block. */
  sendNative(to: string, wei: bigint): Promise<string>;
  /** Sends tokens; gives the transaction id once it is in a block. */
  sendToken(to: string, units: bigint): Promise<string>;
  snapshot(): Promise<string>;
  /** Back to a snapshot; each can be used once. */
  revert(snapshot: string): Promise<void>;
  /** Replaces the topmost `depth` blocks by as many others, empty but for the transactions named. */
  reorg(depth: number, remined?: readonly ReminedTransaction[]): Promise<void>;
  stop(): Promise<void>;
}

const CHAIN_ID = 31_337;
/** Public test vector of BIP-39 (not anvil's own mnemonic): whoever holds it holds nothing. */
export const MERCHANT_MNEMONIC =
  'legal winner thank year wave sausage worth useful legal winner thank yellow';
const MINTED_UNITS = 10n ** 15n;
const RECEIPT_POLL_MS = 50;

const TOKEN = parseAbi([
  'function mint(address to, uint256 value)',
  'function transfer(address to, uint256 value) returns (bool)',
]);

/** Starts the chain and deploys the token. Throws Error when the node does not start; then nothing is left running. */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const { blockTimeSeconds } = options;
  const interval = blockTimeSeconds === undefined ? [] : ['--block-time', String(blockTimeSeconds)];
  const anvil = await startAnvil(['--chain-id', String(CHAIN_ID), ...interval]);
  try {
    const funded = await fundedAccount(anvil.rpcUrl);
    const usdt = await funded.deploy();
    return {
      rpcUrl: anvil.rpcUrl,
      chainId: CHAIN_ID,
      usdt,
      xpub: merchantXpub(),
      ...controls(funded.client),
      sendNative: (to, wei) =>
        funded.mined(funded.client.sendTransaction({ ...funded.sender, to: getAddress(to), value: wei })),
      sendToken: (to, units) => funded.call(usdt, 'transfer', getAddress(to), units),
      stop: anvil.stop,
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

const clientOf = (rpcUrl: string) =>
  createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: RECEIPT_POLL_MS, cacheTime: 0 })
    .extend(publicActions)
    .extend(walletActions);

type ChainClient = ReturnType<typeof clientOf>;

/** Anvil's first account: rich, and the node itself signs for it. */
async function fundedAccount(rpcUrl: string) {
  const client = clientOf(rpcUrl);
  const [account] = await client.getAddresses();
  if (!account) throw new Error('the local chain has no funded account');
  const sender = { account, chain: null };
  const receipt = async (sent: Promise<Hash>) => client.waitForTransactionReceipt({ hash: await sent });
  const mined = async (sent: Promise<Hash>) => (await receipt(sent)).transactionHash;
  const call = (contract: Address, functionName: 'mint' | 'transfer', to: Address, units: bigint) =>
    mined(
      client.writeContract({ ...sender, address: contract, abi: TOKEN, functionName, args: [to, units] }),
    );
  return {
    client,
    sender,
    mined,
    call,
    async deploy(): Promise<Address> {
      const bytecode = `0x${tether.bytecode.slice(2)}` as const;
      const { contractAddress } = await receipt(client.deployContract({ ...sender, abi: TOKEN, bytecode }));
      if (!contractAddress) throw new Error('the token was not deployed');
      const contract = getAddress(contractAddress);
      await call(contract, 'mint', account, MINTED_UNITS);
      return contract;
    },
  };
}

function controls(client: ChainClient): Pick<LocalChain, 'mine' | 'snapshot' | 'revert' | 'reorg'> {
  return {
    mine: (blocks) => client.mine({ blocks }),
    snapshot: () => client.snapshot(),
    revert: (snapshot) => client.revert({ id: `0x${snapshot.slice(2)}` }),
    async reorg(depth, remined = []) {
      const pairs = await Promise.all(
        remined.map(async (r) => [await rawTransaction(client, r.txId), r.block]),
      );
      await rpc(client, 'anvil_reorg', [depth, pairs]);
    },
  };
}

async function rawTransaction(client: ChainClient, txId: string): Promise<string> {
  const raw = await rpc(client, 'eth_getRawTransactionByHash', [txId]);
  if (typeof raw !== 'string') throw new Error(`the local chain does not know transaction ${txId}`);
  return raw;
}

/** Methods that the library has no types for. */
const rpc = (client: ChainClient, method: string, params: unknown[]): Promise<unknown> =>
  client.transport.request({ method, params });

function merchantXpub(): string {
  // BIP-39: the seed of a mnemonic without passphrase.
  const seed = pbkdf2Sync(MERCHANT_MNEMONIC, 'mnemonic', 2048, 64, 'sha512');
  return HDKey.fromMasterSeed(seed).derive("m/44'/60'/0'").publicExtendedKey;
}
