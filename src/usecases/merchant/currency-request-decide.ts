import { eventActor, type OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import type { DecidedRequest } from '../ports/merchant-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { MerchantDeps } from './merchant-change.ts';
import { merchantEvent } from './merchant-event.ts';

export interface CurrencyRequestDecideInput {
  readonly requestId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  /** Told to the merchant; needed with REJECTED. */
  readonly answer: string | null;
}

/**
 * An operator decides on another account currency, once (FEATURES A3).
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type CurrencyRequestDecide = (
  actor: OperatorActor,
  input: CurrencyRequestDecideInput,
) => Promise<Result<{ requestId: string }>>;

const MAX_ANSWER = 1000;

export const currencyRequestDecide =
  ({ merchants, ids, clock, feed }: MerchantDeps): CurrencyRequestDecide =>
  async (actor, { requestId, decision, answer: given }) => {
    if (!mayOperate(actor, 'currency:decide')) return refuse('FORBIDDEN', 'This is for operators.');
    const answer = given?.trim() || null;
    if (answer === null && decision === 'REJECTED') {
      return refuse('INVALID_INPUT', 'Say why it is rejected.', 'answer');
    }
    if (answer !== null && (answer.length > MAX_ANSWER || !isPlainText(answer))) {
      return refuse('INVALID_INPUT', `An answer has 1 to ${MAX_ANSWER} characters.`, 'answer');
    }
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const outcome = await merchants.decideCurrency(
      { requestId, decision, answer, decidedBy: actor.userId, at },
      (request) =>
        drafts(request, requestId, decision, answer).map((draft) =>
          stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at }),
        ),
    );
    switch (outcome) {
      case 'decided':
        feed.poke();
        return done({ requestId });
      case 'unknown':
        return refuse('NOT_FOUND', 'There is no such request.', 'requestId');
      case 'not_pending':
        return refuse('WRONG_STATE', 'This request was decided before.');
      case 'gone':
        return refuse('WRONG_STATE', 'The account is closed.');
    }
  };

const drafts = (
  { merchantId, currency, present }: DecidedRequest,
  requestId: string,
  decision: CurrencyRequestDecideInput['decision'],
  answer: string | null,
): readonly EventDraft[] => [
  merchantEvent('merchant.currency_decided', merchantId, { requestId, currency, decision, answer }),
  ...(decision === 'APPROVED' && present !== currency
    ? [merchantEvent('merchant.currency_changed', merchantId, { from: present, to: currency })]
    : []),
];
