import { qrCodes } from '../../adapters/qr/qr-codes.ts';
import { claimPage, REBOUND_TEXTS, REFUND_TEXTS } from '../../pages/claim-page.ts';
import { confirmPage } from '../../pages/confirm-page.ts';
import { passwordResetPage } from '../../pages/password-reset-page.ts';
import type { TokenPage } from '../../pages/secret-form.ts';
import { twoFactorResetPage } from '../../pages/two-factor-reset-page.ts';
import { clientOf, type CallerDeps } from '../http-callers.ts';
import { createClaimRoute } from '../http-claim.ts';
import { createInvitationRoute } from '../http-invitation.ts';
import { createTokenPageRoute } from '../http-pages.ts';
import { createPayRoute, PAY_PATH } from '../http-pay.ts';
import { createUnsubscribeRoute } from '../http-unsubscribe.ts';
import type { Route } from '../http.ts';
import type { ComposedUseCases } from './use-cases.ts';

/** The hosted pages, by path. */
export function pageRoutes(useCases: ComposedUseCases, callers: CallerDeps): Readonly<Record<string, Route>> {
  const { emailConfirm, passwordReset, twoFactorResetFile } = useCases.api;
  const clientOfRequest = (request: Parameters<typeof clientOf>[0]) => clientOf(request, callers);
  const tokenPage = (page: TokenPage): Route => createTokenPageRoute(page, clientOfRequest);
  return {
    '/invitation': createInvitationRoute({ ...useCases.api, callers }),
    '/confirm': tokenPage(confirmPage(emailConfirm)),
    '/password-reset': tokenPage(passwordResetPage(passwordReset)),
    '/two-factor-reset': tokenPage(twoFactorResetPage(twoFactorResetFile)),
    '/refund/': createClaimRoute(
      '/refund/',
      claimPage(useCases.refundClaims.refund, REFUND_TEXTS),
      clientOfRequest,
    ),
    '/rebound/': createClaimRoute(
      '/rebound/',
      claimPage(useCases.refundClaims.rebound, REBOUND_TEXTS),
      clientOfRequest,
    ),
    '/unsubscribe': createUnsubscribeRoute(useCases),
    [PAY_PATH]: createPayRoute({ ...useCases, qr: qrCodes, clientOf: clientOfRequest }),
  };
}
