import { randomBytes } from 'node:crypto';
import { createSealer } from '../../src/adapters/secrets/sealer.ts';
import { sealSeed } from '../../src/adapters/signer/sealed-seed.ts';
import { createLocalSigner } from '../../src/adapters/signer/local-signer.ts';
import { createEvmSpender, type EvmSpenderConfig } from '../../src/adapters/chain/evm/evm-spender.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type { LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { ChainSpender, SpendPlace, SpendTransfer } from '../../src/usecases/ports/chain-spender.ts';
import type { SpendKind, SpendStore } from '../../src/usecases/ports/spend-store.ts';
import { keptLog } from './evm-readers.ts';

/** Of BIP-39's own vectors; the local chain derives its addresses from it. */
export const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
export const GWEI = 10n ** 9n;

/** A spender that signs with the local chain's own seed. */
export async function spenderOver(
  chain: LocalChain,
  rpcUrls: readonly string[] = [chain.rpcUrl],
  options: Partial<EvmSpenderConfig> = {},
) {
  const network = 'ETHEREUM';
  const sealer = createSealer(randomBytes(32));
  const sealed = await sealSeed(MNEMONIC, { network, xpub: chain.xpub, sealer });
  // A copy each time: what is opened is wiped.
  const seeds = { read: () => Promise.resolve(sealed) };
  return createEvmSpender({
    network,
    rpcUrls,
    chainId: chain.chainId,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDT', contract: chain.usdt },
    ],
    xpub: chain.xpub,
    signer: await createLocalSigner({ network, xpub: chain.xpub, seeds, sealer }),
    maxFeePerGas: 1_000n * GWEI,
    maxGas: { coin: 100_000n, token: 300_000n },
    logger: keptLog(),
    ...options,
  });
}

/** Takes a place and stores what was signed for it, as the sender does; nothing is sent. */
export async function signAndStore(spender: ChainSpender, spends: SpendStore, transfer: SpendTransfer) {
  const place = await spender.place(transfer, spends);
  const signed = await spender.sign(transfer, place);
  const stored = await store(spends, transfer, place, signed);
  if (!stored) throw new Error('the place was taken');
  return { place, signed };
}

export const store = (
  spends: SpendStore,
  transfer: SpendTransfer,
  place: SpendPlace,
  signed: Awaited<ReturnType<ChainSpender['sign']>>,
  kind: SpendKind = 'TOP_UP',
): Promise<boolean> =>
  spends.signed({
    id: ids.next(),
    transactionId: ids.next(),
    network: 'ETHEREUM',
    kind,
    payout: null,
    transfer,
    place,
    signed,
    events: [],
    at: new Date(),
  });
