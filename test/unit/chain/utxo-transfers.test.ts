import { describe, expect, test } from 'vitest';
import { parseExact } from '../../../src/adapters/chain/utxo/exact-json.ts';
import { coreTransaction, transfersOf } from '../../../src/adapters/chain/utxo/utxo-transfers.ts';

const ADDRESS = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';
const TX = 'ab'.repeat(32);

/** As the node writes it. */
const read = (vout: string, vin = '{"txid":"00","vout":0,"sequence":4294967293}') =>
  transfersOf(coreTransaction.parse(parseExact(`{"txid":"${TX}","vin":[${vin}],"vout":[${vout}]}`)), 'BTC');

const output = (value: string, n: number, script: string): string =>
  `{"value":${value},"n":${n},"scriptPubKey":{"asm":"","hex":"",${script}}}`;

const NEWER = `"type":"witness_v0_keyhash","address":"${ADDRESS}","desc":"addr(${ADDRESS})#00000000"`;
const OLDER = `"type":"witness_v0_keyhash","reqSigs":1,"addresses":["${ADDRESS}"]`;

describe('an output to P2WPKH', () => {
  test.each([
    ['newer', NEWER],
    ['older', OLDER],
  ])('is a transfer, as %s nodes tell it', (_name, script) => {
    expect(read(output('83999999.99999999', 3, script))).toEqual([
      { txId: TX, outputIndex: 3, to: ADDRESS, asset: 'BTC', contract: null, amount: 8_399_999_999_999_999n },
    ]);
  });

  test('keeps its own index beside outputs that are passed over', () => {
    const outputs = [
      output('0.00000000', 0, '"type":"nulldata"'),
      output('1', 1, NEWER),
      output('0.00000001', 2, OLDER),
    ];
    expect(read(outputs.join(',')).map(({ outputIndex, amount }) => [outputIndex, amount])).toEqual([
      [1, 100_000_000n],
      [2, 1n],
    ]);
  });
});

test.each([
  ['another form', output('1', 0, `"type":"scripthash","address":"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"`)],
  ['bare multisig', output('1', 0, `"type":"multisig","reqSigs":1,"addresses":["${ADDRESS}","${ADDRESS}"]`)],
  ['no coin', output('0.00000000', 0, NEWER)],
  ['no address', output('1', 0, '"type":"witness_v0_keyhash"')],
  ['an output of an extension block', `{"ismweb":true,"output_id":"${TX}"}`],
  ['coin on its way into an extension block', output('12.5', 0, '"type":"witness_mweb_pegin"')],
  ['what an extension block holds', output('10.99', 0, '"type":"witness_mweb_hogaddr"')],
])('an output with %s is no transfer', (_name, vout) => {
  expect(read(vout)).toEqual([]);
});

test('what a miner pays itself is no transfer', () => {
  expect(read(output('6.25', 0, NEWER), '{"coinbase":"02b0010101","sequence":4294967295}')).toEqual([]);
});
