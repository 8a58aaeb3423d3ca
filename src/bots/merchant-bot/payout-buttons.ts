import type { Event } from '../../domain/event/event.ts';
import type { ChatButton } from '../../usecases/ports/senders.ts';
import type { PayoutVerdict } from '../../usecases/payout/payout-decide-by-pin.ts';
import { data, ID, packId, unpackId } from '../callback-data.ts';
import { textsFor } from '../texts/languages.ts';

/** What a button or a question is about: a payout at the revision that was shown. */
export interface DecisionMark {
  readonly verdict: PayoutVerdict;
  readonly payoutId: string;
  readonly revision: number;
}

const VERDICT = '([AR])';
const REVISION = '(\\d{1,9})';

/** The pattern of a button that decides. */
export const DECIDE = data('payout', VERDICT, ID, REVISION);

const PACKED = { APPROVE: 'A', REFUSE: 'R' } as const satisfies Record<PayoutVerdict, string>;

const packed = ({ verdict, payoutId, revision }: DecisionMark): string =>
  `${PACKED[verdict]}:${packId(payoutId)}:${revision}`;

/** What the button carries. */
export const decideData = (mark: DecisionMark): string => `payout:${packed(mark)}`;

/** The last line of a question for the PIN, by which the answer to it is known: nothing else is kept. */
export const markLine = (mark: DecisionMark): string => `[${packed(mark)}]`;

const LINE = new RegExp(`\\n\\[${VERDICT}:${ID}:${REVISION}\\]$`);

/** What a question of the bot's own was about; null for any other text. */
export function markIn(question: string): DecisionMark | null {
  const found = LINE.exec(question);
  return found && markOf(found);
}

/** Of the three groups that `DECIDE` and the line have. */
export const markOf = ([, verdict, packedId, revision]: readonly (string | undefined)[]): DecisionMark => ({
  verdict: verdict === 'A' ? 'APPROVE' : 'REFUSE',
  payoutId: unpackId(packedId),
  revision: Number(revision),
});

/** Below the message that a payout waits for consent. */
export function approvalButtons({ data: facts }: Pick<Event, 'data'>, locale: string): ChatButton[] {
  const { payoutId, revision } = facts;
  if (typeof payoutId !== 'string' || typeof revision !== 'number') return [];
  const { payouts } = textsFor(locale);
  return [
    { text: payouts.approve(null), data: decideData({ verdict: 'APPROVE', payoutId, revision }) },
    { text: payouts.refuse(null), data: decideData({ verdict: 'REFUSE', payoutId, revision }) },
  ];
}
