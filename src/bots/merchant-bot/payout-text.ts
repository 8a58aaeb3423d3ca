import { networkOf } from '../../domain/chain/networks.ts';
import { PAYOUT_WAITS } from '../../domain/payout/payout-waits.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { OpenPayout } from '../../usecases/ports/payout-reads.ts';
import type { Talk } from '../bot-context.ts';
import type { BotTexts, PayoutLine, PayoutSummary } from '../texts/bot-texts.ts';
import { lineText, moneyText } from '../texts/forms.ts';

/** In a list: where it goes is enough to tell it from the others. */
export function payoutLine(talk: Talk, open: OpenPayout): PayoutLine {
  const { payout, approvals } = open;
  const { status, approvalsRequired } = payout;
  const { texts } = talk;
  return {
    amount: amountOf(talk, open),
    to: shortDestination(open),
    status:
      status === 'PENDING_APPROVAL'
        ? texts.payouts.consents(approvals, approvalsRequired)
        : (waitText(texts, open.waitsFor) ?? texts.payouts.status[status] ?? status),
  };
}

/** Before the PIN: all that can be compared with what the member knows of it. */
export function payoutSummary(talk: Talk, open: OpenPayout, merchantName: string): PayoutSummary {
  const { payout, names, reference } = open;
  const { currency, arrives, fee, networkFee, target } = payout;
  const money = (minorUnits: bigint): string => moneyText({ minorUnits, currency }, talk.locale);
  return {
    amount: amountOf(talk, open),
    arrives: money(arrives),
    fees: money(fee + networkFee),
    network: target.kind === 'CRYPTO' ? networkOf(target.network).name : null,
    to: target.kind === 'CRYPTO' ? target.address : bankAccount(open),
    askedBy: names.askedBy === null ? null : lineText(names.askedBy),
    reference: reference === null ? null : lineText(reference),
    source: sourceOf(payout),
    order: orderOf(open),
    inboxNamedBy: names.inboxNamedBy === null ? null : lineText(names.inboxNamedBy),
    merchant: lineText(merchantName),
    isTest: payout.mode === 'TEST',
  };
}

/** What a payout carries out. */
export const sourceOf = ({ origin }: Pick<Payout, 'origin'>): PayoutSummary['source'] =>
  origin === 'REFUND' || origin === 'REBOUND' ? origin : null;

function orderOf({ names: { orderId, invoiceId } }: OpenPayout): string | null {
  return orderId === null ? invoiceId : lineText(orderId);
}

const waitText = (texts: BotTexts, wait: string | null): string | undefined => {
  const known = PAYOUT_WAITS.find((reason) => reason === wait);
  return known && texts.payouts.waits[known];
};

const amountOf = ({ locale }: Talk, { payout: { debited: minorUnits, currency } }: OpenPayout): string =>
  moneyText({ minorUnits, currency }, locale);

const bankAccount = ({ names: { holder, account } }: OpenPayout): string =>
  `${account ?? ''} (${lineText(holder ?? '')})`;

function shortDestination(open: OpenPayout): string {
  const { target } = open.payout;
  if (target.kind === 'FIAT') return bankAccount(open);
  const { address, network } = target;
  const short = address.length > 16 ? `${address.slice(0, 8)}…${address.slice(-6)}` : address;
  return `${short} (${networkOf(network).name})`;
}
