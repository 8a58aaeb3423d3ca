import { createPayoutProofs } from '../../adapters/db/payout-proofs.ts';
import { createPayoutReads } from '../../adapters/db/payout-reads.ts';
import type { UseCases } from '../../graphql/core/use-cases.ts';
import { passwordResetMail } from '../../usecases/account/password-reset-mail.ts';
import { balancesShow } from '../../usecases/balance/balances-show.ts';
import { invoicesLatest } from '../../usecases/invoice/invoices-latest.ts';
import { payoutDecideByPin, payoutDecisionShow } from '../../usecases/payout/payout-decide-by-pin.ts';
import { payoutsOpen } from '../../usecases/payout/payouts-open.ts';
import { projectsShow } from '../../usecases/project/projects-show.ts';
import { sessionDisown } from '../../usecases/session/session-disown.ts';
import { signInsShow } from '../../usecases/session/sign-ins-show.ts';
import { telegramChatBlocked } from '../../usecases/telegram/telegram-chat-blocked.ts';
import { telegramChatDisconnect } from '../../usecases/telegram/telegram-chat-disconnect.ts';
import { telegramChatLanguage } from '../../usecases/telegram/telegram-chat-language.ts';
import { telegramChatMute } from '../../usecases/telegram/telegram-chat-mute.ts';
import { telegramChatShow } from '../../usecases/telegram/telegram-chat-show.ts';
import { telegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import type { Parts } from './parts.ts';

/** What people ask of the bots. */
export const botUseCases = (
  parts: Parts,
  {
    invoiceCreate,
    passwordResetRequest,
    ...payouts
  }: Pick<UseCases, 'invoiceCreate' | 'passwordResetRequest' | 'payoutApprove' | 'payoutReject'>,
) => ({
  ...payoutChat(parts, payouts),
  telegramLinkConnect: telegramLinkConnect(parts),
  telegramChatShow: telegramChatShow(parts),
  telegramChatDisconnect: telegramChatDisconnect(parts),
  telegramChatBlocked: telegramChatBlocked(parts),
  telegramChatMute: telegramChatMute(parts),
  telegramChatLanguage: telegramChatLanguage(parts),
  balancesShow: balancesShow(parts),
  invoicesLatest: invoicesLatest(parts),
  projectsShow: projectsShow(parts),
  invoiceCreate,
  signInsShow: signInsShow(parts),
  sessionDisown: sessionDisown(parts),
  passwordResetMail: passwordResetMail({ ...parts, passwordResetRequest }),
});

/** What people look at of payouts in chats, and decide on there. */
function payoutChat(
  parts: Parts,
  { payoutApprove, payoutReject }: Pick<UseCases, 'payoutApprove' | 'payoutReject'>,
) {
  const { pool } = parts.database;
  const payoutReads = createPayoutReads(pool);
  const deps = { ...parts, payoutReads, payoutProofs: createPayoutProofs(pool), payoutApprove, payoutReject };
  return {
    payoutsOpen: payoutsOpen(deps),
    payoutDecisionShow: payoutDecisionShow(deps),
    payoutDecideByPin: payoutDecideByPin(deps),
  };
}

export type BotUseCases = ReturnType<typeof botUseCases>;
