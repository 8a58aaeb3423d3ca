import { createAccountStore } from '../../adapters/db/account-store.ts';
import { createDepositAddresses } from '../../adapters/db/deposit-addresses.ts';
import { createInvoiceStore } from '../../adapters/db/invoice-store.ts';
import { createProjectStore } from '../../adapters/db/project-store.ts';
import { createSessionStore } from '../../adapters/db/session-store.ts';
import { createTelegramStore } from '../../adapters/db/telegram-store.ts';
import { jitteredPause } from '../../adapters/system/jittered-pause.ts';
import type { UseCases } from '../../graphql/core/use-cases.ts';
import { authenticate, reauthenticate } from '../../usecases/account/authenticate.ts';
import { emailConfirm } from '../../usecases/account/email-confirm.ts';
import { sessionCreate } from '../../usecases/account/session-create.ts';
import { sessionEnd } from '../../usecases/account/session-end.ts';
import { userSignUp } from '../../usecases/account/user-sign-up.ts';
import { invoiceCancel } from '../../usecases/invoice/invoice-cancel.ts';
import { invoiceCreate } from '../../usecases/invoice/invoice-create.ts';
import { createInvoiceWriting } from '../../usecases/invoice/invoice-writing.ts';
import { invoicesExpire } from '../../usecases/invoice/invoices-expire.ts';
import { quoteCreate } from '../../usecases/invoice/quote-create.ts';
import { paymentConfirm } from '../../usecases/payment/payment-confirm.ts';
import { paymentObserve } from '../../usecases/payment/payment-observe.ts';
import { paymentOrphan } from '../../usecases/payment/payment-orphan.ts';
import { testPaymentSimulate } from '../../usecases/payment/test-payment-simulate.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { AddressDeriver } from '../../usecases/ports/deposit-addresses.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { Moderation } from '../../usecases/ports/project-store.ts';
import type { Rates } from '../../usecases/ports/rates.ts';
import type { PasswordHasher, Secrets } from '../../usecases/ports/secrets.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import { apiKeyCreate } from '../../usecases/project/api-key-create.ts';
import { projectCreate } from '../../usecases/project/project-create.ts';
import { telegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { telegramLinkCreate } from '../../usecases/telegram/telegram-link-create.ts';
import type { Database } from './database.ts';

export interface UseCaseDeps {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly passwords: PasswordHasher;
  readonly deriver: AddressDeriver;
  readonly rates: Rates;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: EventFeed;
  readonly initialModeration: Moderation;
  readonly botUsername: (bot: BotKind) => Promise<string | null>;
}

/** Builds every use case on its stores: plain construction, no container. */
export function composeUseCases(deps: UseCaseDeps) {
  const { pool } = deps.database;
  const { ids } = deps;
  const invoices = createInvoiceStore(pool, ids);
  const telegram = createTelegramStore(pool);
  const shared = {
    ...deps,
    accounts: createAccountStore(pool),
    sessions: createSessionStore(pool),
    projects: createProjectStore(pool),
    addresses: createDepositAddresses(pool, deps.deriver, ids),
    invoices,
    telegram,
    ...createInvoiceWriting({ invoices, ids, clock: deps.clock, feed: deps.feed, pause: jitteredPause }),
  };
  const api: UseCases = {
    userSignUp: userSignUp(shared),
    emailConfirm: emailConfirm(shared),
    sessionCreate: sessionCreate(shared),
    sessionEnd: sessionEnd(shared),
    projectCreate: projectCreate(shared),
    apiKeyCreate: apiKeyCreate(shared),
    invoiceCreate: invoiceCreate(shared),
    quoteCreate: quoteCreate(shared),
    invoiceCancel: invoiceCancel(shared),
    testPaymentSimulate: testPaymentSimulate(shared),
    telegramLinkCreate: telegramLinkCreate(shared),
  };
  return {
    api,
    authenticate: authenticate(shared),
    reauthenticate: reauthenticate(shared),
    telegramLinkConnect: telegramLinkConnect(shared),
    invoicesExpire: invoicesExpire(shared),
    paymentObserve: paymentObserve(shared),
    paymentConfirm: paymentConfirm(shared),
    paymentOrphan: paymentOrphan(shared),
    telegram,
  };
}

export type ComposedUseCases = ReturnType<typeof composeUseCases>;
