import type { UseCases } from '../../graphql/core/use-cases.ts';
import { invoicesExpire } from '../../usecases/invoice/invoices-expire.ts';
import { projectLogoUpload } from '../../usecases/logo/project-logo-upload.ts';
import { mailUnsubscribe } from '../../usecases/notification-preference/mail-unsubscribe.ts';
import { mailUnsubscribeShow } from '../../usecases/notification-preference/mail-unsubscribe-show.ts';
import { paymentConfirm } from '../../usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../usecases/payment/payment-orphan.ts';
import { unmatchedTransfersRecord } from '../../usecases/payment/unmatched-transfers-record.ts';
import { depositConfirm } from '../../usecases/static-wallet/deposit-confirm.ts';
import { depositObserve } from '../../usecases/static-wallet/deposit-observe.ts';
import { depositOrphan } from '../../usecases/static-wallet/deposit-orphan.ts';
import { payPageChoose } from '../../usecases/pay-page/pay-page-choose.ts';
import { payPageShow } from '../../usecases/pay-page/pay-page-show.ts';
import { authenticate, reauthenticate } from '../../usecases/session/authenticate.ts';
import { sessionTouch } from '../../usecases/session/session-touch.ts';
import { withdrawalCheck } from '../../usecases/withdrawal/withdrawal-check.ts';
import { notificationUseCases } from './notification-use-cases.ts';
import { composeParts, type UseCaseDeps } from './parts.ts';
import { paymentUseCases } from './payment-use-cases.ts';
import { payoutUseCases } from './payout-use-cases.ts';
import { refundUseCases } from './refund-use-cases.ts';
import { peopleUseCases } from './people-use-cases.ts';
import { payoutRuleUseCases } from './payout-rule-use-cases.ts';
import { projectUseCases } from './project-use-cases.ts';
import { botUseCases } from './bot-use-cases.ts';
import { teamUseCases } from './team-use-cases.ts';
import { webhookUseCases } from './webhook-use-cases.ts';

/** Builds every use case on its stores: plain construction, no container. */
export function composeUseCases(deps: UseCaseDeps) {
  const parts = composeParts(deps);
  const webhooks = webhookUseCases(parts);
  const refunds = refundUseCases(parts);
  const payouts = payoutUseCases(parts);
  const api: UseCases = {
    ...peopleUseCases(parts),
    ...teamUseCases(parts),
    ...projectUseCases(parts),
    ...paymentUseCases(parts),
    ...webhooks.api,
    ...payoutRuleUseCases(parts),
    ...notificationUseCases(parts),
    ...payouts.api,
    ...refunds.api,
  };
  return {
    api,
    authenticate: authenticate(parts),
    reauthenticate: reauthenticate(parts),
    sessionTouch: sessionTouch(parts),
    projectLogoUpload: projectLogoUpload(parts),
    withdrawalCheck: withdrawalCheck(parts),
    payPageShow: payPageShow(parts),
    payPageChoose: payPageChoose({ ...parts, quoteCreate: api.quoteCreate }),
    mailUnsubscribe: mailUnsubscribe(parts),
    mailUnsubscribeShow: mailUnsubscribeShow(parts),
    invoicesExpire: invoicesExpire(parts),
    paymentObserve: paymentObserve(parts),
    paymentConfirm: paymentConfirm(parts),
    paymentOrphan: paymentOrphan(parts),
    unmatchedTransfersRecord: unmatchedTransfersRecord(parts),
    depositObserve: depositObserve(parts),
    depositConfirm: depositConfirm(parts),
    depositOrphan: depositOrphan(parts),
    bots: botUseCases(parts, api),
    logos: parts.logos,
    telegram: parts.telegram,
    payoutByRule: payouts.payoutByRule,
    payoutCheck: payouts.payoutCheck,
    payoutFail: payouts.payoutFail,
    sourceStands: refunds.sourceStands,
    refundClaims: refunds.claims,
    refundSteps: refunds.steps,
    webhookSend: webhooks.webhookSend,
    webhookReplayPage: webhooks.webhookReplayPage,
  };
}

export type ComposedUseCases = ReturnType<typeof composeUseCases>;
