import { Transaction } from '@scure/btc-signer';
import { mnemonicToSeedSync } from '@scure/bip39';
import { HDKey } from '@scure/bip32';
import { describe, expect, test, vi } from 'vitest';
import { utxoChainOf } from '../../src/adapters/chain/addresses/utxo-chains.ts';
import { utxoScriptOf } from '../../src/adapters/chain/addresses/utxo-script.ts';
import { createAccountScripts } from '../../src/adapters/chain/utxo/spending/account-scripts.ts';
import { signPsbtInputs } from '../../src/adapters/signer/psbt-signing.ts';
import * as operations from '../../src/generated/documents.ts';
import { balancesIn, bookAvailable, insertPayout } from '../api/payout-rules/fiat-shop.ts';
import { ADDRESS } from '../api/refund/refund-shop.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { globalIdOf, rowIdOf } from '../testkit/facts.ts';
import { openOperator } from '../testkit/operator.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';
import { payoutKit, unitsOf, type PayoutWay } from './payout-kit.ts';
import { payoutScenarios } from './payout-scenarios.ts';
import { useScenarios } from './scenario-kit.ts';

vi.setConfig({ testTimeout: 90_000 });

/** Public test vector of BIP-39: whoever holds it holds nothing. */
const MNEMONIC = 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above';
const TPUB = { public: 0x043587cf, private: 0x04358394 };
const seed = mnemonicToSeedSync(MNEMONIC);
const account = HDKey.fromMasterSeed(seed, TPUB).derive("m/84'/1'/0'");
const evmAccount = HDKey.fromMasterSeed(seed).derive("m/44'/60'/0'");
const xpub = account.publicExtendedKey;

interface Joined {
  readonly txId: string;
  readonly blockHash: string;
  readonly fee: string;
  readonly to: string;
}

interface Seen {
  readonly vin: readonly object[];
  readonly vout: readonly { readonly value: number }[];
}

interface Unspent {
  readonly total_amount: number;
}

describe.skipIf(!litecoindIsHere())('litecoin', () => {
  let node: LitecoinNode;
  const scenarios = useScenarios(async () => {
    node = await startLitecoinNode();
    return {
      mnemonic: MNEMONIC,
      settings: {
        network: 'LITECOIN',
        rpcUrl: node.rpcUrl,
        chain: 'regtest',
        xpub,
        smallCoinBelow: '0.02',
        // A young chain's node tells no rate, or a high one.
        consolidate: { feeRate: 500, fewest: 4 },
      },
      // No node answers there.
      beside: {
        mnemonic: MNEMONIC,
        settings: { network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub: evmAccount.publicExtendedKey },
      },
      stop: () => node.remove(),
    };
  });
  const kit = payoutKit(scenarios);

  const unspent = async (addresses: readonly string[]): Promise<bigint> => {
    const found = await node.call<Unspent>(
      'scantxoutset',
      'start',
      addresses.map((address) => `addr(${address})`),
    );
    return BigInt(Math.round(found.total_amount * 1e8));
  };
  const way: PayoutWay = {
    asset: 'LTC',
    network: 'LITECOIN',
    digits: 8,
    pooled: true,
    send: (address, amount) => node.send(address, padded(amount)),
    mine: async (blocks) => void (await node.mine(blocks)),
    newAddress: () => node.newAddress(),
    received: async (address) =>
      BigInt(Math.round((await node.call<number>('getreceivedbyaddress', address, 1)) * 1e8)),
    async holds() {
      const { rows } = await scenarios.kit.database.pool.query<{ address: string }>(
        'SELECT address FROM deposit_address WHERE assigned_at IS NOT NULL',
      );
      const parameters = utxoChainOf('LITECOIN', 'regtest');
      if (!parameters) throw new Error('there is no such chain');
      const change = createAccountScripts(xpub, parameters).of('1/0').address;
      return await unspent([change, ...rows.map(({ address }) => address)]);
    },
  };

  payoutScenarios(scenarios, () => way);

  test('small coins are joined to one, and the fee is booked', async () => {
    const { shop, paymaster } = await kit.openShop();
    const { pool } = scenarios.kit.database;
    for (let left = 4; left > 0; left -= 1) await kit.paidInvoice(shop, way, '0.01');
    const joined = async () =>
      (
        await pool.query<Joined>(
          `SELECT s.tx_id AS "txId", s.block_hash AS "blockHash", s.fee_paid::text AS fee, s.to_address AS "to",
             (SELECT json_agg(c.amount::text) FROM coin c WHERE c.spend_id = s.id) AS taken,
             (SELECT json_agg(json_build_array(c.path, c.amount::text, c.spend_id)) FROM coin c
              WHERE c.change_of_id = s.id) AS made,
             (SELECT json_agg(p.amount::text ORDER BY p.amount) FROM ledger_transaction l
                JOIN posting p ON p.transaction_id = l.id
              WHERE l.source_type = 'SPEND' AND l.source_id = s.id::text) AS booked
           FROM spend s WHERE s.kind = 'SWEEP' AND s.status = 'CONFIRMED'`,
        )
      ).rows;
    await kit.comesTrue(way, joined, { length: 1 });
    await kit.booksAgree(way);
    const [spend, ...others] = await joined();
    expect(others).toEqual([]);
    if (!spend) throw new Error('nothing was joined');
    const fee = BigInt(spend.fee);
    const rest = unitsOf(way, '0.04') - fee;
    expect(spend).toMatchObject({
      taken: Array.from({ length: 4 }, () => String(unitsOf(way, '0.01'))),
      made: [['1/0', String(rest), null]],
      booked: [String(-fee), String(fee)],
    });
    const seen = await node.call<Seen>('getrawtransaction', spend.txId, true, spend.blockHash);
    expect(seen.vin).toHaveLength(4);
    expect(seen.vout.map(({ value }) => BigInt(Math.round(value * 1e8)))).toEqual([rest]);
    expect(await unspent([spend.to])).toBeGreaterThanOrEqual(rest);
    // What was joined is spent like any other coin.
    const to = await way.newAddress();
    const id = await kit.payout(paymaster, way, to, '0.03');
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED' });
    expect(await way.received(to)).toBe(unitsOf(way, '0.03'));
    await kit.booksAgree(way);
  });

  test('a network without a node keeps its own payouts waiting, and no others', async () => {
    const { pool } = scenarios.kit.database;
    const { shop, paymaster } = await kit.openShop();
    await bookAvailable(pool, shop.merchantId, 'ETH', 10n ** 18n);
    const target = { kind: 'CRYPTO', network: 'ETHEREUM', address: ADDRESS } as const;
    const waiting = await insertPayout(pool, {
      merchantId: rowIdOf(shop.merchantId),
      projectId: rowIdOf(shop.projectId),
      currency: 'ETH',
      debited: 10n ** 17n,
      target,
    });
    const dead = () => kit.payoutOf(paymaster, globalIdOf('Payout', waiting.id));
    await expect.poll(dead, { timeout: 20_000 }).toMatchObject({ waitsFor: 'CHAIN_UNAVAILABLE' });
    await kit.paidInvoice(shop, way, '1');
    const to = await way.newAddress();
    const id = await kit.payout(paymaster, way, to, '0.5');
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED' });
    expect(await way.received(to)).toBe(unitsOf(way, '0.5'));
    expect(await dead()).toMatchObject({ status: 'QUEUED', waitsFor: 'CHAIN_UNAVAILABLE' });
    await kit.booksAgree(way);
  });

  test('what no block takes is outbid, and paid once', async () => {
    const { shop, paymaster } = await kit.openShop();
    await kit.paidInvoice(shop, way, '2');
    await kit.booksAgree(way);
    const to = await way.newAddress();
    const id = await kit.payout(paymaster, way, to, '0.5');
    const pool = () => node.call<string[]>('getrawmempool');
    const sent = async () => (await kit.payoutOf(paymaster, id)).txId ?? '';
    await expect.poll(async () => (await pool()).includes(await sent()), { timeout: 20_000 }).toBe(true);
    const first = await sent();
    // The rate that the node tells is that of quiet days; a quarter more is paid where it tells none.
    scenarios.clock.advance({ seconds: 601 });
    await expect
      .poll(async () => (await sent()) !== first && (await pool()).includes(await sent()), {
        timeout: 20_000,
      })
      .toBe(true);
    expect(await pool()).not.toContain(first);
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED' });
    expect(await way.received(to)).toBe(unitsOf(way, '0.5'));
    await kit.booksAgree(way);
  });

  // The last one: what was taken is missing from then on.
  test('what another transaction made void is given up by an operator, and the money is back once', async () => {
    const { shop, paymaster } = await kit.openShop();
    const { pool } = scenarios.kit.database;
    await kit.paidInvoice(shop, way, '2');
    await kit.booksAgree(way);
    const before = { HELD: '0', ...(await balancesIn(pool, shop.merchantId, 'LTC')) };
    const to = await way.newAddress();
    const id = await kit.payout(paymaster, way, to, '0.5');
    await expect
      .poll(() => kit.payoutOf(paymaster, id), { timeout: 20_000 })
      .toMatchObject({ status: 'BROADCAST' });
    const { txId } = await kit.payoutOf(paymaster, id);
    if (!txId) throw new Error('nothing was sent');
    const thief = await way.newAddress();
    await node.mineExactly([await usingCoinsOf(txId, thief)]);
    scenarios.clock.advance({ seconds: 601 });
    await expect.poll(() => kit.notices('custody.spend_stuck'), { timeout: 20_000 }).toBe(1);
    const at = scenarios.clock.now();
    const { api } = await openOperator(scenarios.kit.platform, scenarios.kit.database, 'ADMIN', { at });
    const giveUp = async () =>
      (await api.send(operations.SpendAbandonDocument, { input: { network: 'LITECOIN', txId } }))
        .spendAbandon;
    expect(await giveUp()).toMatchObject({ isPayout: true });
    // By the word of a block that is not final nothing moves.
    await scenarios.waitUntilRead();
    expect(await kit.payoutOf(paymaster, id)).toMatchObject({ status: 'BROADCAST' });
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, id), { status: 'FAILED' });
    expect(await balancesIn(pool, shop.merchantId, 'LTC')).toEqual(before);
    expect(await giveUp()).toMatchObject({ code: expect.stringMatching('WRONG_STATE|NOT_FOUND') });
    await way.mine(6);
    await scenarios.waitUntilRead();
    expect(await balancesIn(pool, shop.merchantId, 'LTC')).toEqual(before);
    expect((await scenarios.eventsOf(id)).filter((type) => type === 'payout.failed')).toHaveLength(1);
    expect([await way.received(to), (await way.received(thief)) > 0n]).toEqual([0n, true]);
    await expectLedgerInBalance(pool);
    // What is left is paid out of other coins.
    await kit.paidInvoice(shop, way, '2');
    const other = await way.newAddress();
    const again = await kit.payout(paymaster, way, other, '0.5');
    await kit.comesTrue(way, () => kit.payoutOf(paymaster, again), { status: 'CONFIRMED' });
    expect(await way.received(other)).toBe(unitsOf(way, '0.5'));
  });

  /** By somebody who has the keys too: a raw transaction of the same coins, all of it to another address. */
  async function usingCoinsOf(txId: string, address: string): Promise<string> {
    const { rows } = await scenarios.kit.database.pool.query<{
      tx: string;
      output: number;
      amount: string;
      path: string;
    }>(
      `SELECT c.tx_id AS tx, c.output_index AS output, c.amount::text, c.path
       FROM spend_transaction t JOIN coin c ON c.spend_id = t.spend_id WHERE t.tx_id = $1`,
      [txId],
    );
    const parameters = utxoChainOf('LITECOIN', 'regtest');
    if (!parameters) throw new Error('there is no such chain');
    const scripts = createAccountScripts(xpub, parameters);
    const other = new Transaction();
    for (const { tx, output, amount, path } of rows) {
      const witnessUtxo = { amount: BigInt(amount), script: scripts.of(path).script };
      other.addInput({ txid: tx, index: output, witnessUtxo });
    }
    const sum = rows.reduce((total, { amount }) => total + BigInt(amount), 0n);
    other.addOutput({ script: utxoScriptOf(address, parameters), amount: sum - 100_000n });
    const paths = rows.map(({ path }) => path);
    const signed = Transaction.fromPSBT(signPsbtInputs(account, other.toPSBT(), paths));
    signed.finalize();
    return signed.hex;
  }
});

/** All eight digits, as the node's wallet reads amounts. */
function padded(amount: string): `${string}.${string}` {
  const [whole = '', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}
