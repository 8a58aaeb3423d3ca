import { SYSTEM, type Client } from '../../domain/access/actor.ts';
import { NETWORKS } from '../../domain/chain/networks.ts';
import { takeAttempt } from '../attempt.ts';
import type { QuoteCreate } from '../invoice/quote-create.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import { refuse, type Result } from '../result.ts';
import type { PayWay } from './pay-page-show.ts';

/**
 * The payer's choice on the hosted page: whoever has the link of an invoice may choose how to pay it, as often as the
 * limits let. Made in the gateway's own name, since a payer has none.
 */
export type PayPageChoose = (
  client: Client,
  input: PayWay & { readonly invoiceId: string },
) => Promise<Result<{ quoteId: string }>>;

export interface PayPageChooseDeps {
  readonly quoteCreate: QuoteCreate;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
}

export const payPageChoose =
  ({ quoteCreate, limits, clock }: PayPageChooseDeps): PayPageChoose =>
  async (client, input) => {
    if (!isWay(input)) return refuse('ASSET_NOT_AVAILABLE', 'There is no such way to pay.');
    const subject = { account: input.invoiceId, client };
    const limited = await takeAttempt(limits, 'pay_page', subject, clock.now());
    return limited ?? quoteCreate(SYSTEM, input);
  };

/** What comes out of a form may be anything. */
const isWay = ({ asset, network }: PayWay): boolean =>
  NETWORKS.some(({ code, assets }) => code === network && assets.some((a) => a.asset === asset));
