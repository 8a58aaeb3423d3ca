import type { EmailConfirm } from '../../usecases/account/email-confirm.ts';
import type { SessionCreate } from '../../usecases/account/session-create.ts';
import type { SessionEnd } from '../../usecases/account/session-end.ts';
import type { UserSignUp } from '../../usecases/account/user-sign-up.ts';
import type { InvoiceCancel } from '../../usecases/invoice/invoice-cancel.ts';
import type { InvoiceCreate } from '../../usecases/invoice/invoice-create.ts';
import type { QuoteCreate } from '../../usecases/invoice/quote-create.ts';
import type { TestPaymentSimulate } from '../../usecases/payment/test-payment-simulate.ts';
import type { ApiKeyCreate } from '../../usecases/project/api-key-create.ts';
import type { ProjectCreate } from '../../usecases/project/project-create.ts';
import type { TelegramLinkCreate } from '../../usecases/telegram/telegram-link-create.ts';

/** What the API can ask for: one property a use case, filled by the composition root. */
export interface UseCases {
  readonly userSignUp: UserSignUp;
  readonly emailConfirm: EmailConfirm;
  readonly sessionCreate: SessionCreate;
  readonly sessionEnd: SessionEnd;
  readonly projectCreate: ProjectCreate;
  readonly apiKeyCreate: ApiKeyCreate;
  readonly invoiceCreate: InvoiceCreate;
  readonly quoteCreate: QuoteCreate;
  readonly invoiceCancel: InvoiceCancel;
  readonly testPaymentSimulate: TestPaymentSimulate;
  readonly telegramLinkCreate: TelegramLinkCreate;
}
