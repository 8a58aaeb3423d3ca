import { HDKey } from '@scure/bip32';
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { createEvmSpender } from '../../../src/adapters/chain/evm/evm-spender.ts';
import { createUtxoSpender } from '../../../src/adapters/chain/utxo/utxo-spender.ts';
import { createCoinCollect } from '../../../src/adapters/db/coin-collect.ts';
import { createSmallCoins } from '../../../src/adapters/db/small-coins.ts';
import { createSpendStore } from '../../../src/adapters/db/spend-store.ts';
import { createSweepCandidates } from '../../../src/adapters/db/sweep-candidates.ts';
import { createSealer } from '../../../src/adapters/secrets/sealer.ts';
import { createLocalSigner } from '../../../src/adapters/signer/local-signer.ts';
import { signPsbtInputs } from '../../../src/adapters/signer/psbt-signing.ts';
import { sealSeed } from '../../../src/adapters/signer/sealed-seed.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import type { Clock } from '../../../src/usecases/ports/clock.ts';
import type { ChainSpender, Signer } from '../../../src/usecases/ports/chain-spender.ts';
import type { CoinConsolidation } from '../../../src/usecases/ports/coin-consolidation.ts';
import type { SweepChain } from '../../../src/usecases/ports/deposit-sweeping.ts';
import type { Logger } from '../../../src/usecases/ports/logger.ts';
import type { SpendStore } from '../../../src/usecases/ports/spend-store.ts';
import { systemStamp } from '../../../src/usecases/stamp-event.ts';
import { createCoinCollection } from '../../../src/workers/payout-sender/collect-coins.ts';
import { consolidating } from '../../../src/workers/payout-sender/consolidate.ts';
import { followOpen } from '../../../src/workers/payout-sender/follow-open.ts';
import { sendQueued } from '../../../src/workers/payout-sender/send-queued.ts';
import type { SenderDeps } from '../../../src/workers/payout-sender/sender-deps.ts';
import { sweeping } from '../../../src/workers/payout-sender/sweep.ts';
import type { Mortal } from './mortal.ts';

/** What a sender works on; also another process is told all of it. */
export type SenderSettings =
  | {
      readonly network: 'ETHEREUM';
      readonly rpcUrl: string;
      readonly chainId: number;
      readonly usdt: string;
      readonly xpub: string;
    }
  | { readonly network: 'LITECOIN'; readonly rpcUrl: string };

export const CONFIRMATIONS = 2;
export const OUTBID_AFTER_MS = 60_000;
export const SWEEP_FROM = { USDT: 1_000_000n, ETH: 10n ** 17n };

/** Whatever is left over is joined, at the rate of a node that tells none. */
const JOINING = {
  smallCoin: 10n ** 12n,
  consolidation: { rate: 20_000n, fewest: 2, most: 200 },
};

/** Of BIP-39's own vectors; the local chain's. */
const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
/** BIP-84 account of a test network; the seed is a row of nines that holds nothing. */
const TPUB = { public: 0x043587cf, private: 0x04358394 };
export const litecoinAccount = HDKey.fromMasterSeed(new Uint8Array(32).fill(9), TPUB).derive("m/84'/1'/0'");

/** One round of the sender of a network, in the order of the worker. */
export type Round = () => Promise<void>;

export interface SenderOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function openSender(
  settings: SenderSettings,
  mortal: Mortal,
  { pool, clock, logger }: SenderOptions,
): Promise<Round> {
  const spends = mortalStore(mortal, createSpendStore(pool, ids));
  const { spender, sweeps } = await openSpender(settings, mortal, logger);
  const { signal } = new AbortController();
  const deps: SenderDeps = {
    spender,
    spends,
    payoutCheck: () => Promise.resolve({ allowed: true }),
    sourceStands: () => Promise.resolve(true),
    payoutFail: () => Promise.reject(new Error('none of these payouts fails')),
    stamp: systemStamp({ ids, clock }),
    confirmations: CONFIRMATIONS,
    outbidAfterMilliseconds: OUTBID_AFTER_MS,
    stuckAfterMilliseconds: 100 * OUTBID_AFTER_MS,
    ids,
    clock,
    feed: { poke: () => undefined },
    logger,
  };
  const sweep = sweepOf(sweeps, mortal, deps, pool);
  const { collect } = createCoinCollect(pool);
  const collectCoins = createCoinCollection(
    { collect: mortal.step('store.collect', collect) },
    settings.network,
    CONFIRMATIONS,
  );
  return async () => {
    await followOpen(deps, signal);
    if (settings.network === 'LITECOIN') await collectCoins();
    await sendQueued(deps, signal);
    await sweep(signal);
  };
}

type Sweeps = SweepChain | CoinConsolidation;

function sweepOf(
  sweeps: Sweeps,
  { step }: Mortal,
  deps: SenderDeps,
  pool: Pool,
): (signal: AbortSignal) => Promise<void> {
  if ('consolidation' in sweeps) {
    const coins = { below: step('store.small', createSmallCoins(pool).below) };
    return consolidating({ ...deps, chain: sweeps, coins });
  }
  const candidates = { after: step('store.candidates', createSweepCandidates(pool).after) };
  return sweeping({ ...deps, chain: sweeps, candidates, thresholds: SWEEP_FROM });
}

async function openSpender(
  settings: SenderSettings,
  mortal: Mortal,
  logger: Logger,
): Promise<{ spender: ChainSpender; sweeps: Sweeps }> {
  if (settings.network === 'LITECOIN') {
    const { network, rpcUrl } = settings;
    const signer = mortalSigner(mortal, {
      network,
      signHash: () => Promise.reject(new Error('of another family')),
      signPsbt: (psbt, paths) => Promise.resolve(signPsbtInputs(litecoinAccount, psbt, paths)),
    });
    const chain = { network, chain: 'regtest', asset: 'LTC', xpub: litecoinAccount.publicExtendedKey };
    const spender = createUtxoSpender({ ...chain, rpcUrls: [rpcUrl], signer, policy: JOINING });
    const consolidation = mortal.step('chain.consolidation', spender.consolidation);
    return { spender: mortalSpender(mortal, spender), sweeps: { consolidation } };
  }
  const { network, rpcUrl, chainId, usdt, xpub } = settings;
  const spender = createEvmSpender({
    network,
    rpcUrls: [rpcUrl],
    chainId,
    assets: [
      { asset: 'ETH', contract: null },
      { asset: 'USDT', contract: usdt },
    ],
    xpub,
    signer: mortalSigner(mortal, await signerOf(network, xpub)),
    maxFeePerGas: 10n ** 12n,
    maxGas: { coin: 100_000n, token: 300_000n },
    logger,
  });
  const sweeps = {
    network,
    balance: spender.balance,
    cost: mortal.step('chain.cost', spender.cost),
    placeAt: mortal.step('chain.placeAt', spender.placeAt),
  };
  return { spender: mortalSpender(mortal, spender), sweeps };
}

const signers = new Map<string, Promise<Signer>>();

/** One for all senders of a process: opening it takes long. */
function signerOf(network: string, xpub: string): Promise<Signer> {
  const open = async (): Promise<Signer> => {
    const sealer = createSealer(randomBytes(32));
    const sealed = await sealSeed(MNEMONIC, { network, xpub, sealer });
    return createLocalSigner({ network, xpub, seeds: { read: () => Promise.resolve(sealed) }, sealer });
  };
  const known = signers.get(xpub) ?? open();
  signers.set(xpub, known);
  return known;
}

const mortalSigner = ({ step }: Mortal, { network, signHash, signPsbt }: Signer): Signer => ({
  network,
  signHash: step('signer.sign', signHash),
  signPsbt: step('signer.sign', signPsbt),
});

const mortalSpender = ({ step }: Mortal, real: ChainSpender): ChainSpender => ({
  network: real.network,
  hotAddress: real.hotAddress,
  estimate: real.estimate,
  place: step('spender.place', real.place),
  sign: step('spender.sign', real.sign),
  outbid: step('spender.outbid', real.outbid),
  broadcast: step('spender.broadcast', real.broadcast),
  look: step('spender.look', real.look),
  usedElsewhere: step('spender.usedElsewhere', real.usedElsewhere),
});

const mortalStore = ({ step }: Mortal, real: SpendStore): SpendStore => ({
  queued: step('store.queued', real.queued),
  nextNonce: step('store.nextNonce', real.nextNonce),
  freeCoins: step('store.freeCoins', real.freeCoins),
  coinsGone: step('store.coinsGone', real.coinsGone),
  goneCoins: step('store.goneCoins', real.goneCoins),
  coinsFound: step('store.coinsFound', real.coinsFound),
  onTheWay: step('store.onTheWay', real.onTheWay),
  signed: step('store.signed', real.signed),
  outbid: step('store.outbid', real.outbid),
  broadcast: step('store.broadcast', real.broadcast),
  open: step('store.open', real.open),
  ended: step('store.ended', real.ended),
  abandoned: step('store.abandoned', real.abandoned),
  waits: step('store.waits', real.waits),
  waiting: step('store.waiting', real.waiting),
  change: step('store.change', real.change),
  stuck: step('store.stuck', real.stuck),
  isBeyondDay: step('store.isBeyondDay', real.isBeyondDay),
});

/** Each of these is reached in a course, of one network or the other. */
export const STEPS = {
  ETHEREUM: [
    'spender.place',
    'spender.sign',
    'signer.sign',
    'store.nextNonce',
    'store.signed',
    'store.broadcast',
    'spender.broadcast',
    'spender.look',
    'store.ended',
    'spender.outbid',
    'store.outbid',
    'store.waits',
    'store.candidates',
    'chain.cost',
    'chain.placeAt',
    'store.queued',
    'store.open',
    'store.onTheWay',
  ],
  LITECOIN: [
    'spender.place',
    'spender.sign',
    'signer.sign',
    'store.freeCoins',
    'store.signed',
    'store.broadcast',
    'spender.broadcast',
    'spender.look',
    'store.ended',
    'spender.outbid',
    'store.outbid',
    'store.waits',
    'store.collect',
    'store.small',
    'chain.consolidation',
    'store.queued',
    'store.open',
  ],
} as const satisfies Record<SenderSettings['network'], readonly [string, ...string[]]>;
