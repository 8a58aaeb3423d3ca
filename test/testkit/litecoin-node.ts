import { startLitecoinProcess, type LitecoinProcess } from './litecoin-process.ts';

/** Coins as a decimal, such as `0.00000001`. */
type Coins = string;

export interface LitecoinNode {
  readonly process: LitecoinProcess;
  readonly rpcUrl: string;
  /** Any call, wallet calls to the node's first wallet. */
  call: LitecoinProcess['call'];
  /** A new address of the node's wallet (bech32). */
  newAddress(): Promise<string>;
  /** Mines blocks with all that waits; their hashes, lowest first. */
  mine(count?: number): Promise<string[]>;
  /** Mines one block with these transactions only: ids of the pool, or raw ones. */
  mineExactly(transactions: readonly string[]): Promise<string>;
  /** Sends from the wallet; the transaction's id. */
  send(address: string, amount: Coins, more?: { readonly replaceable?: boolean }): Promise<string>;
  /** One transaction with an output for each row, also several to one address; its id. */
  sendOutputs(outputs: readonly (readonly [address: string, amount: Coins])[]): Promise<string>;
  /** Replaces a transaction by one with a higher fee and the same payments; the new id. */
  bumpFee(txId: string): Promise<string>;
  /** A raw transaction that spends the same coins to another address, with a fee that replaces the other. */
  conflicting(txId: string, address: string): Promise<string>;
  /** Puts the conflicting transaction into the pool instead (BIP-125); its id. */
  doubleSpend(txId: string, address: string): Promise<string>;
  /** The node gives up this block and those above it. */
  invalidate(hash: string): Promise<void>;
  reconsider(hash: string): Promise<void>;
  /** Activates the extension blocks (MWEB): at height 432, and the first such block must have coin move into them. */
  activateMweb(): Promise<void>;
  /** Ends it in order; it keeps its pool. */
  stop(): Promise<void>;
  /**
   * kill -9, a moment after the node has written its blocks to the disk: it does so once an hour, and would forget all
   * of a young chain. The pool is kept when it is written as well.
   */
  kill(pool?: 'kept' | 'lost'): Promise<void>;
  /** After `stop` or `kill`. The wallet brings its own transactions back into the pool, so it may stay closed. */
  startAgain(more?: { readonly wallet?: 'open' | 'closed' }): Promise<void>;
  /** After `startAgain` with a closed one. */
  openWallet(): Promise<void>;
  remove(): Promise<void>;
}

const WALLET = 'wallet';
/** One more than a coinbase must wait, and some coins to spend. */
const FIRST_BLOCKS = 110;
/** A hundred times what a transaction needs on such a chain, in the smallest unit. */
const REPLACING_FEE = 100_000n;
const MWEB_HEIGHT = 432;

/** A `litecoind -regtest` with a wallet that has coins. */
export async function startLitecoinNode(): Promise<LitecoinNode> {
  const process = await startLitecoinProcess();
  // Calls to the wallet by its name: a test may load others.
  const call: LitecoinProcess['call'] = (method, ...params) => process.walletCall(WALLET, method, ...params);
  await process.call('createwallet', WALLET);
  const newAddress = (): Promise<string> => call('getnewaddress', '', 'bech32');
  // To a new address each time: a block mined in the second of one that was given up would be the same block.
  const mine = async (count = 1): Promise<string[]> => call('generatetoaddress', count, await newAddress());
  await mine(FIRST_BLOCKS);
  const openWallet = async (): Promise<void> => void (await process.call('loadwallet', WALLET));
  const signed = async (raw: string): Promise<string> =>
    (await call<{ hex: string }>('signrawtransactionwithwallet', raw)).hex;
  const conflicting = async (txId: string, address: string): Promise<string> =>
    signed(await conflictingRaw(call, txId, address));

  return {
    process,
    rpcUrl: process.rpcUrl,
    call,
    newAddress,
    mine,
    mineExactly: async (transactions) =>
      (await call<{ hash: string }>('generateblock', await newAddress(), transactions)).hash,
    send: (address, amount, { replaceable = false } = {}) =>
      call('sendtoaddress', address, amount, '', '', false, replaceable),
    async sendOutputs(outputs) {
      const raw = await rawWith(call, newAddress, outputs);
      const { hex } = await call<{ hex: string }>('fundrawtransaction', raw);
      return call('sendrawtransaction', await signed(hex));
    },
    bumpFee: async (txId) => (await call<{ txid: string }>('bumpfee', txId)).txid,
    conflicting,
    doubleSpend: async (txId, address) => call('sendrawtransaction', await conflicting(txId, address), 0),
    invalidate: (hash) => call('invalidateblock', hash),
    reconsider: (hash) => call('reconsiderblock', hash),
    async activateMweb() {
      const height = await call<number>('getblockcount');
      await mine(MWEB_HEIGHT - 1 - height);
      await call('sendtoaddress', await call('getnewaddress', '', 'mweb'), 1);
      await mine();
    },
    stop: () => process.stop(),
    async kill(pool = 'kept') {
      // Counting all coins makes the node write them first.
      await process.call('gettxoutsetinfo');
      if (pool === 'kept') await process.call('savemempool');
      await process.kill();
    },
    async startAgain({ wallet = 'open' } = {}) {
      await process.start();
      if (wallet === 'open') await openWallet();
    },
    openWallet,
    remove: () => process.remove(),
  };
}

/** The node refuses two outputs to one address, so stand-ins are written and their scripts exchanged afterwards. */
async function rawWith(
  call: LitecoinProcess['call'],
  newAddress: () => Promise<string>,
  outputs: readonly (readonly [address: string, amount: Coins])[],
): Promise<string> {
  const script = async (address: string): Promise<string> =>
    (await call<{ scriptPubKey: string }>('validateaddress', address)).scriptPubKey;
  const rows: { address: string; amount: Coins; standIn: string }[] = [];
  // One after the other: the node takes sixteen requests at a time.
  for (const [address, amount] of outputs) rows.push({ address, amount, standIn: await newAddress() });
  const standIns = rows.map(({ standIn, amount }) => ({ [standIn]: amount }));
  let raw = await call<string>('createrawtransaction', [], standIns);
  for (const { address, standIn } of rows) raw = raw.replace(await script(standIn), await script(address));
  return raw;
}

async function conflictingRaw(call: LitecoinProcess['call'], txId: string, address: string): Promise<string> {
  interface Decoded {
    readonly vin: readonly { readonly txid: string; readonly vout: number }[];
  }
  const { hex } = await call<{ hex: string }>('gettransaction', txId);
  const { vin } = await call<Decoded>('decoderawtransaction', hex);
  const values = await Promise.all(
    vin.map(async ({ txid, vout }) => {
      const from = await call<{ hex: string }>('gettransaction', txid);
      const decoded = await call<{ vout: { n: number; value: number }[] }>('decoderawtransaction', from.hex);
      return decoded.vout.find(({ n }) => n === vout)?.value ?? 0;
    }),
  );
  // What a regtest coin holds is exact in a float.
  const total = values.reduce((sum, value) => sum + BigInt(Math.round(value * 1e8)), 0n);
  const inputs = vin.map(({ txid, vout }) => ({ txid, vout, sequence: 0xffff_fffd }));
  return call('createrawtransaction', inputs, [{ [address]: coins(total - REPLACING_FEE) }]);
}

const coins = (units: bigint): Coins =>
  `${units / 10n ** 8n}.${(units % 10n ** 8n).toString().padStart(8, '0')}`;
