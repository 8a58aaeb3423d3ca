import type { UtxoChain } from './utxo-address.ts';

/** A chain of the Bitcoin family: how it writes addresses, and its first block, which tells it from all others. */
export interface UtxoChainParameters extends UtxoChain {
  /** Hash of block 0. */
  readonly genesis: string;
}

export const MAIN_CHAIN = 'main';

/** BIP-13, BIP-173 and Bitcoin Core's chainparams: all public test chains write addresses alike. */
const BITCOIN_TEST: UtxoChain = { hrp: 'tb', versions: [0x6f, 0xc4] };

/**
 * By network, then by the name that the node itself has for the chain (`getblockchaininfo`). Litecoin: its
 * chainparams, SLIP-173.
 *
 * Litecoin's old P2SH versions (0x05, 0xc4) are left out: the same text is a Bitcoin address. Only the new ones are
 * taken (M… and Q…).
 */
const CHAINS: ReadonlyMap<string, ReadonlyMap<string, UtxoChainParameters>> = new Map([
  [
    'BITCOIN',
    new Map([
      [
        MAIN_CHAIN,
        {
          hrp: 'bc',
          versions: [0x00, 0x05],
          genesis: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
        },
      ],
      [
        'test',
        {
          ...BITCOIN_TEST,
          genesis: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
        },
      ],
      [
        'testnet4',
        {
          ...BITCOIN_TEST,
          genesis: '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043',
        },
      ],
      [
        'signet',
        {
          ...BITCOIN_TEST,
          genesis: '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6',
        },
      ],
      [
        'regtest',
        {
          ...BITCOIN_TEST,
          hrp: 'bcrt',
          genesis: '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206',
        },
      ],
    ]),
  ],
  [
    'LITECOIN',
    new Map([
      [
        MAIN_CHAIN,
        {
          hrp: 'ltc',
          versions: [0x30, 0x32],
          genesis: '12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2',
        },
      ],
      [
        'test',
        {
          hrp: 'tltc',
          versions: [0x6f, 0x3a],
          genesis: '4966625a4b2851d9fdee139e56211a0d88575f59ed816ff5e6a63deb4e3e29a0',
        },
      ],
      [
        'regtest',
        {
          hrp: 'rltc',
          versions: [0x6f, 0x3a],
          genesis: '530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9',
        },
      ],
    ]),
  ],
]);

/** The chain of a network by its name; null when the network has no such chain. */
export const utxoChainOf = (network: string, chain: string = MAIN_CHAIN): UtxoChainParameters | null =>
  CHAINS.get(network)?.get(chain) ?? null;
