import { networkOf } from '../../domain/chain/networks.ts';
import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { formatAmount } from '../../domain/money/money.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { hotWalletShort } from '../../domain/payout/spend-events.ts';
import { sameWait } from '../../domain/payout/payout-waits.ts';
import { ChainUnavailable } from '../../usecases/ports/chain-reader.ts';
import {
  AccountUsedElsewhere,
  HotWalletShort,
  SigningPaused,
  TransferRefused,
  type SpendTransfer,
} from '../../usecases/ports/chain-spender.ts';
import type { SenderDeps } from './sender-deps.ts';
import { hasWaited, wait, waitForNetwork, waitForOperator } from './waiting.ts';

/** Payouts that are read at once. */
const PAGE = 100;

/** After so many payouts in a row for which the network did nothing, none of the others is tried. */
const UNAVAILABLE_IN_A_ROW = 3;

type Stop = 'ACCOUNT_USED_ELSEWHERE' | 'CHAIN_UNAVAILABLE' | SigningPaused['reason'];
/** What the network made of a payout: an answer, whatever it was, nothing as it was not asked, or why it gave none. */
type Outcome = 'ANSWERED' | 'NOT_ASKED' | Stop;

interface Shortage {
  readonly amount: bigint;
  readonly lacks: string;
  /** What is there with the change that is on its way. */
  readonly withChange: bigint;
}

/** What the hot wallet did not have in this round, by the payouts' currency. */
type Shortages = Map<string, Shortage>;

/**
 * Signs the queued payouts of the network, oldest first, each at a place of its own. Nothing is sent here: what is stored
 * as signed is what `followOpen` sends. What keeps one payout keeps none behind it: a round looks at all of them, unless
 * nothing can be signed at all; then the others are told so.
 */
export async function sendQueued(deps: SenderDeps, signal: AbortSignal): Promise<void> {
  const { spends, spender } = deps;
  const shortages: Shortages = new Map();
  let after: string | null = null;
  let inARow = 0;
  let stoppedBy: Stop | null = null;
  for (;;) {
    const page: readonly Payout[] = await spends.queued(spender.network, PAGE, after);
    for (const payout of page) {
      if (signal.aborted) return;
      if (stoppedBy !== null) {
        await tellAsWell(deps, payout, stoppedBy);
        continue;
      }
      const outcome = await attempt(deps, payout, shortages);
      if (outcome === 'ANSWERED') inARow = 0;
      else if (outcome === 'ACCOUNT_USED_ELSEWHERE') stoppedBy = outcome;
      else if (outcome !== 'NOT_ASKED') {
        inARow += 1;
        if (inARow >= UNAVAILABLE_IN_A_ROW) stoppedBy = outcome;
      }
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}

/** Behind those that were tried: what they wait for already stays. */
async function tellAsWell(deps: SenderDeps, payout: Payout, reason: Stop): Promise<void> {
  if ((await deps.spends.waiting(payout)) === null) await wait(deps, payout, reason);
}

async function attempt(deps: SenderDeps, payout: Payout, shortages: Shortages): Promise<Outcome> {
  const known = shortages.get(payout.currency);
  try {
    if (!known || payout.arrives < known.amount) return await signOne(deps, payout);
    await waitForFunds(deps, payout, known);
    return 'NOT_ASKED';
  } catch (err) {
    return await kept(deps, payout, shortages, err);
  }
}

/** What becomes of a payout that was not signed. */
async function kept(deps: SenderDeps, payout: Payout, shortages: Shortages, err: unknown): Promise<Outcome> {
  const { logger, spender, spends } = deps;
  const { network } = spender;
  const fields = { payoutId: payout.id, network };
  if (err instanceof HotWalletShort) {
    const withChange = await spends.change(network);
    const shortage = { amount: payout.arrives, lacks: err.asset, withChange };
    shortages.set(payout.currency, shortage);
    await waitForFunds(deps, payout, shortage);
  } else if (err instanceof TransferRefused) {
    await refuse(deps, payout, err);
  } else if (err instanceof AccountUsedElsewhere) {
    if (await waitForOperator(deps, network, payout, 'ACCOUNT_USED_ELSEWHERE'))
      logger.error({ ...fields, reason: err.message }, 'nothing is signed until an operator has looked');
    return 'ACCOUNT_USED_ELSEWHERE';
  } else if (err instanceof ChainUnavailable) {
    const reason = err instanceof SigningPaused ? err.reason : 'CHAIN_UNAVAILABLE';
    if (await waitForNetwork(deps, network, payout, reason))
      logger.warn({ ...fields, err }, 'a payout waits for the network; trying again');
    return reason;
  } else {
    logger.error({ ...fields, err }, 'a payout could not be signed; trying again');
    await waitForOperator(deps, network, payout, 'FAULT');
  }
  return 'ANSWERED';
}

/**
 * Fails the payout for what can never be, and for what all nodes say when it has been refused for a while; until then, and
 * as long as it is doubted, the payout waits.
 */
async function refuse(deps: SenderDeps, payout: Payout, { word, message }: TransferRefused): Promise<void> {
  const { logger, spender } = deps;
  const { network } = spender;
  if (word !== 'NEVER') {
    const reason = word === 'NOW' ? 'TRANSFER_REFUSED' : 'TRANSFER_DOUBTED';
    if (!(await hasWaited(deps, payout, sameWait(reason)))) return void (await wait(deps, payout, reason));
    if (word === 'DOUBTED') return void (await waitForOperator(deps, network, payout, 'TRANSFER_DOUBTED'));
  }
  const fields = { payoutId: payout.id, network, reason: message };
  logger.warn(fields, 'the chain does not carry a payout out; it has failed');
  await deps.payoutFail(payout, 'TRANSFER_REFUSED');
}

async function signOne(deps: SenderDeps, payout: Payout): Promise<'ANSWERED' | 'NOT_ASKED'> {
  const { spender, spends, ids, clock, feed, stamp } = deps;
  if (payout.target.kind !== 'CRYPTO' || !(await mayLeave(deps, payout))) return 'NOT_ASKED';
  const transfer: SpendTransfer = {
    asset: payout.currency,
    to: payout.target.address,
    amount: payout.arrives,
  };
  const place = await spender.place(transfer, spends);
  const signed = await spender.sign(transfer, place);
  // Once more: nodes may have taken long, and nobody has seen what was signed.
  if (!(await mayLeave(deps, payout))) return 'ANSWERED';
  const stored = await spends.signed({
    id: ids.next(),
    transactionId: ids.next(),
    network: spender.network,
    kind: 'PAYOUT',
    payout,
    transfer,
    place,
    signed,
    events: [stamp(payoutEvent('payout.signed', { ...payout, status: 'SIGNED' }, { txId: signed.txId }))],
    at: clock.now(),
  });
  // Otherwise another writer was first: the next round looks again.
  if (stored) feed.poke();
  return 'ANSWERED';
}

/** What was asked for when it was made is asked for again (RULES 12). What was not received after all ends. */
async function mayLeave(deps: SenderDeps, payout: Payout): Promise<boolean> {
  if (!(await deps.sourceStands(payout))) {
    await deps.payoutFail(payout, 'PAYMENT_REVERSED');
    return false;
  }
  const verdict = await deps.payoutCheck(payout);
  if (!verdict.allowed) {
    await wait(deps, payout, verdict.reason, verdict.until);
    return false;
  }
  // What waited for days does not leave within an hour: it counts again when it is signed.
  const isTooMuch = await deps.spends.isBeyondDay(payout, deps.clock.now());
  if (isTooMuch) await wait(deps, payout, 'LIMIT_REACHED');
  return !isTooMuch;
}

/** The merchant hears that it waits, and operators what is missing; change that is on its way is not. */
async function waitForFunds(
  deps: SenderDeps,
  payout: Payout,
  { lacks: asset, withChange }: Shortage,
): Promise<void> {
  if (payout.arrives <= withChange) return void (await wait(deps, payout, 'CHANGE_UNCONFIRMED'));
  const { network, hotAddress } = deps.spender;
  // What is sent there by hand becomes no coin of the Bitcoin family.
  const address = networkOf(network).family === 'UTXO' ? null : hotAddress;
  const { currency } = payout;
  const amount = formatAmount({ minorUnits: payout.arrives, currency });
  await wait(deps, payout, 'HOT_WALLET_SHORT', null, {
    asset,
    amount: asset === payout.currency ? payout.arrives : 0n,
    event: deps.stamp(hotWalletShort(payout.id, { network, asset, address, amount, currency })),
  });
}
