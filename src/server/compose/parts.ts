import { createAccountStore } from '../../adapters/db/account-store.ts';
import { bankFormats } from '../../adapters/bank/bank-formats.ts';
import { createApiKeyStore } from '../../adapters/db/api-key-store.ts';
import { createAttemptLimits } from '../../adapters/db/attempt-limits.ts';
import { createAutoWithdrawalStore } from '../../adapters/db/auto-withdrawal-store.ts';
import { createBankAccountStore } from '../../adapters/db/bank-account-store.ts';
import { createContactStore } from '../../adapters/db/contact-store.ts';
import { createDeliveryRetryStore } from '../../adapters/db/delivery-retry-store.ts';
import { createDepositAddresses } from '../../adapters/db/deposit-addresses.ts';
import { createFeeScheduleStore } from '../../adapters/db/fee-schedule-store.ts';
import { createDepositStore } from '../../adapters/db/deposit-store.ts';
import { createInvoiceMailStore } from '../../adapters/db/invoice-mail-store.ts';
import { createInvoiceReads } from '../../adapters/db/invoice-reads.ts';
import { createInvoiceStore } from '../../adapters/db/invoice-store.ts';
import { createLogoStore } from '../../adapters/db/logo-store.ts';
import { createMailUnsubscribeStore } from '../../adapters/db/mail-unsubscribe-store.ts';
import { createMerchantReads } from '../../adapters/db/merchant-reads.ts';
import { createMerchantStore } from '../../adapters/db/merchant-store.ts';
import { createModerationStore } from '../../adapters/db/moderation-store.ts';
import { createNotificationPreferenceStore } from '../../adapters/db/notification-preference-store.ts';
import { createNotificationStore } from '../../adapters/db/notification-store.ts';
import { createOperatorStore } from '../../adapters/db/operator-store.ts';
import { createPayoutPayees } from '../../adapters/db/payout-payees.ts';
import { createPayoutStore } from '../../adapters/db/payout-store.ts';
import { createPaymentLinkStore } from '../../adapters/db/payment-link-store.ts';
import { createPasswordStore } from '../../adapters/db/password-store.ts';
import { createPinStore } from '../../adapters/db/pin-store.ts';
import { createProjectSettingsStore } from '../../adapters/db/project-settings-store.ts';
import { createProjectStore } from '../../adapters/db/project-store.ts';
import { createSavedViewStore } from '../../adapters/db/saved-view-store.ts';
import { createSessionStore } from '../../adapters/db/session-store.ts';
import { createSignInStore } from '../../adapters/db/sign-in-store.ts';
import { createStaticWalletStore } from '../../adapters/db/static-wallet-store.ts';
import { createTeamStore } from '../../adapters/db/team-store.ts';
import { createTelegramStore } from '../../adapters/db/telegram-store.ts';
import { createTwoFactorResetStore } from '../../adapters/db/two-factor-reset-store.ts';
import { createTwoFactorStore } from '../../adapters/db/two-factor-store.ts';
import { createUnmatchedTransfers } from '../../adapters/db/unmatched-transfers.ts';
import { createVerificationCodes } from '../../adapters/db/verification-codes.ts';
import { createWithdrawalStore } from '../../adapters/db/withdrawal-store.ts';
import { createSharpLogoEncoder } from '../../adapters/images/sharp-logo-encoder.ts';
import { qrCodes } from '../../adapters/qr/qr-codes.ts';
import { randomRecoveryCode } from '../../adapters/secrets/recovery-codes.ts';
import { createTotpCodes } from '../../adapters/secrets/totp.ts';
import { jitteredPause } from '../../adapters/system/jittered-pause.ts';
import type { Moderation } from '../../domain/project/moderation.ts';
import { passwordRehash } from '../../usecases/account/password-rehash.ts';
import { createInvoiceWriting } from '../../usecases/invoice/invoice-writing.ts';
import type { AddressFormats } from '../../usecases/ports/address-formats.ts';
import type { CanSend } from '../../usecases/ports/can-send.ts';
import { createDepositWriting } from '../../usecases/static-wallet/deposit-writing.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { AddressDeriver } from '../../usecases/ports/deposit-addresses.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { Rates } from '../../usecases/ports/rates.ts';
import type { PasswordBlocklist, PasswordHasher, Sealer, Secrets } from '../../usecases/ports/secrets.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Database } from './database.ts';
import type { WebhookTools } from './webhooks.ts';

export interface UseCaseDeps {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly sealer: Sealer;
  readonly passwords: PasswordHasher;
  readonly blocklist: PasswordBlocklist;
  readonly deriver: AddressDeriver;
  readonly formats: AddressFormats;
  readonly canSend: CanSend;
  readonly rates: Rates;
  /** Confirmations by network where this deployment differs from the network's own number. */
  readonly confirmations: ReadonlyMap<string, number>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: EventFeed;
  readonly webhooks: WebhookTools;
  readonly logger: Logger;
  readonly initialModeration: Moderation;
  readonly botUsername: (bot: BotKind) => Promise<string | null>;
}

/** The stores and tools that use cases stand on. */
export function composeParts(deps: UseCaseDeps) {
  const { pool } = deps.database;
  const { ids } = deps;
  const invoices = createInvoiceStore(pool, ids);
  const deposits = createDepositStore(pool, ids);
  const passwordStore = createPasswordStore(pool, ids);
  const invoiceWriting = createInvoiceWriting({
    invoices,
    rates: deps.rates,
    ids,
    clock: deps.clock,
    feed: deps.feed,
    pause: jitteredPause,
  });
  return {
    ...deps,
    accounts: createAccountStore(pool),
    limits: createAttemptLimits(pool),
    codes: createVerificationCodes(pool),
    passwordStore,
    passwordRehash: passwordRehash({ passwords: deps.passwords, passwordStore }),
    contacts: createContactStore(pool, ids),
    sessions: createSessionStore(pool, ids),
    signIns: createSignInStore(pool),
    factors: createTwoFactorStore(pool, ids),
    resets: createTwoFactorResetStore(pool, ids),
    totp: createTotpCodes(),
    newRecoveryCode: randomRecoveryCode,
    pins: createPinStore(pool),
    projects: createProjectStore(pool),
    projectSettings: createProjectSettingsStore(pool),
    moderation: createModerationStore(pool),
    logos: createLogoStore(pool),
    logoEncoder: createSharpLogoEncoder(),
    operators: createOperatorStore(pool),
    keys: createApiKeyStore(pool, ids),
    withdrawals: createWithdrawalStore(pool, ids),
    bankAccounts: createBankAccountStore(pool),
    bankFormats,
    rules: createAutoWithdrawalStore(pool),
    payouts: createPayoutStore(pool, ids),
    payees: createPayoutPayees(pool),
    formats: deps.formats,
    addresses: createDepositAddresses(pool, deps.deriver, ids),
    invoices,
    invoiceMails: createInvoiceMailStore(pool),
    invoiceReads: createInvoiceReads(pool),
    savedViews: createSavedViewStore(pool),
    fees: createFeeScheduleStore(pool),
    unmatched: createUnmatchedTransfers(pool),
    telegram: createTelegramStore(pool),
    teams: createTeamStore(pool),
    merchants: createMerchantStore(pool),
    mailUnsubscribes: createMailUnsubscribeStore(pool),
    merchantReads: createMerchantReads(pool),
    qr: qrCodes,
    deposits,
    staticWallets: createStaticWalletStore(pool),
    paymentLinks: createPaymentLinkStore(pool),
    notifications: createNotificationStore(pool),
    notificationPreferences: createNotificationPreferenceStore(pool),
    deliveryRetries: createDeliveryRetryStore(pool),
    ...invoiceWriting,
    ...createDepositWriting({ ...invoiceWriting, deposits, feed: deps.feed, pause: jitteredPause }),
  };
}

export type Parts = ReturnType<typeof composeParts>;
