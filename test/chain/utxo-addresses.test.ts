import { HDKey } from '@scure/bip32';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAddressFormats } from '../../src/adapters/chain/addresses/address-formats.ts';
import { utxoChainOf } from '../../src/adapters/chain/addresses/utxo-chains.ts';
import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { litecoindIsHere, startLitecoinProcess, type LitecoinProcess } from '../testkit/litecoin-process.ts';

const TPUB = { public: 0x043587cf, private: 0x04358394 };
const COUNT = 50;

describe.skipIf(!litecoindIsHere())('addresses agree with those of the node', () => {
  let node: LitecoinProcess;
  beforeAll(async () => {
    node = await startLitecoinProcess();
    await node.call('createwallet', 'wallet');
  });
  afterAll(() => node.remove());

  test.each([1, 2, 3])('fifty of account %i by its descriptor', async (number) => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i * number);
    const xpub = HDKey.fromMasterSeed(seed, TPUB).derive(`m/84'/1'/${number}'`).publicExtendedKey;
    const { descriptor } = await node.call<{ descriptor: string }>('getdescriptorinfo', `wpkh(${xpub}/0/*)`);
    const theirs = await node.call<string[]>('deriveaddresses', descriptor, [0, COUNT - 1]);
    const hrp = utxoChainOf('LITECOIN', 'regtest')?.hrp ?? '';
    const deriver = createAddressDeriver([{ network: 'LITECOIN', xpub, hrp }]);
    expect(Array.from({ length: COUNT }, (_, index) => deriver.derive('LITECOIN', index))).toEqual(theirs);
    expect(theirs[0]).toMatch(/^rltc1q/);
  });

  test.each(['bech32', 'legacy', 'p2sh-segwit'])('a %s address is one to withdraw to', async (kind) => {
    const address = await node.call<string>('getnewaddress', '', kind);
    const onTestChain = createAddressFormats(new Map([['LITECOIN', 'regtest']]));
    expect(onTestChain.canonical('LITECOIN', address)).toBe(address);
    expect(createAddressFormats(new Map()).canonical('LITECOIN', address)).toBeNull();
    expect(onTestChain.canonical('BITCOIN', address)).toBeNull();
  });

  test('its first block is the one that the chain is known by', async () => {
    expect(await node.call('getblockhash', 0)).toBe(utxoChainOf('LITECOIN', 'regtest')?.genesis);
  });
});
