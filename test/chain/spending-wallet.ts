import { HDKey } from '@scure/bip32';
import { utxoChainOf } from '../../src/adapters/chain/addresses/utxo-chains.ts';
import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { createUtxoReader } from '../../src/adapters/chain/utxo/utxo-reader.ts';
import type { SpendPolicy } from '../../src/adapters/chain/utxo/spending/spend-policy.ts';
import { createUtxoSpender } from '../../src/adapters/chain/utxo/utxo-spender.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { signPsbtInputs } from '../../src/adapters/signer/psbt-signing.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type {
  ChainSpender,
  SignedTransaction,
  Signer,
  SpendCoin,
  SpendPlace,
  SpendTransfer,
} from '../../src/usecases/ports/chain-spender.ts';
import type { OpenSpend } from '../../src/usecases/ports/spend-store.ts';
import type { TestDatabase } from '../testkit/database.ts';
import type { LitecoinNode } from '../testkit/litecoin-node.ts';

export const NETWORK = 'LITECOIN';

/** BIP-84 account of a test network; the seed is a row of eights that holds nothing. */
const TPUB = { public: 0x043587cf, private: 0x04358394 };
const account = HDKey.fromMasterSeed(new Uint8Array(32).fill(8), TPUB).derive("m/84'/1'/0'");

const signer: Signer = {
  network: NETWORK,
  signHash: () => Promise.reject(new Error('of another family')),
  signPsbt: (psbt, paths) => Promise.resolve(signPsbtInputs(account, psbt, paths)),
};

/** A young chain's estimates come and go with what the tests before have mined. */
export const withoutEstimate = (method: string, result: unknown): unknown =>
  method === 'estimatesmartfee' ? { errors: ['Insufficient data or no feerate found'], blocks: 12 } : result;

export interface Sent {
  readonly transfer: SpendTransfer;
  readonly place: SpendPlace;
  readonly signed: SignedTransaction;
}

/** The gateway's side of a network: a spender over a node (or a front of it), and what it signed in a database. */
export function openWallet(
  node: LitecoinNode,
  db: TestDatabase,
  rpcUrls: readonly string[] = [node.rpcUrl],
  policy: Partial<SpendPolicy> = {},
) {
  const chain = { network: NETWORK, chain: 'regtest', asset: 'LTC' };
  const spender = createUtxoSpender({ ...chain, rpcUrls, xpub: account.publicExtendedKey, signer, policy });
  const reader = createUtxoReader({ ...chain, rpcUrls: [node.rpcUrl] });
  const hrp = utxoChainOf(NETWORK, chain.chain)?.hrp ?? '';
  const deriver = createAddressDeriver([{ network: NETWORK, xpub: account.publicExtendedKey, hrp }]);
  const store = createSpendStore(db.pool, ids);

  /** Coins of deposit addresses 0, 1 and so on as the chain has them, in one transaction of one block. */
  const fund = async (...amounts: readonly string[]): Promise<readonly SpendCoin[]> => {
    const addresses = amounts.map((_, index) => deriver.derive(NETWORK, index));
    const txId = await node.sendOutputs(amounts.map((amount, index) => [addresses[index] ?? '', amount]));
    await node.mine();
    const { height } = await reader.head();
    const [block] = await reader.blocks(height, height);
    const coins = (block?.transfers ?? [])
      .filter((transfer) => transfer.txId === txId && addresses.includes(transfer.to))
      .map(({ outputIndex, amount, to }) => {
        const path = `0/${addresses.indexOf(to)}`;
        return { id: ids.next(), txId, outputIndex, amount, path, address: to };
      });
    for (const { id, outputIndex, amount, path, address } of coins) {
      await db.pool.query(
        `INSERT INTO coin (id, network, tx_id, output_index, amount, path, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, NETWORK, txId, outputIndex, amount, path, address],
      );
    }
    return coins;
  };

  const sign = async (to: string, amount: bigint): Promise<Sent> => {
    const transfer = { asset: 'LTC', to, amount };
    const place = await spender.place(transfer, store);
    return { transfer, place, signed: await spender.sign(transfer, place) };
  };

  /** False when something of it was used meanwhile. */
  const keep = ({ transfer, place, signed }: Sent): Promise<boolean> =>
    store.signed({
      id: ids.next(),
      transactionId: ids.next(),
      network: NETWORK,
      kind: 'SWEEP',
      payout: null,
      transfer,
      place,
      signed,
      events: [],
      at: new Date(),
    });

  const openSpend = async (txId: string): Promise<OpenSpend> => {
    const open = await store.open(NETWORK, 100);
    const spend = open.find(({ transactions }) => transactions.some((each) => each.txId === txId));
    if (!spend) throw new Error('the spend is not open');
    return spend;
  };

  /** Signed, kept and given to the node. */
  const pay = async (to: string, amount: bigint): Promise<Sent> => {
    const sent = await sign(to, amount);
    if (!(await keep(sent))) throw new Error('a coin was used twice');
    const answer = await spender.broadcast(sent.signed.raw);
    if (answer !== 'taken') throw new Error(`the transaction was not taken: ${answer}`);
    return sent;
  };

  return { spender, reader, store, fund, sign, keep, openSpend, pay };
}

export const lookAt = ({ look }: ChainSpender, { place, signed }: Sent) => look(place, [signed.txId]);
