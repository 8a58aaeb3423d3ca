/** Whose attempts are counted: an account's (known or not), a network address's, or the account's from that address. */
export type AttemptScope = 'account' | 'address' | 'account_at_address';

export interface AttemptLimit {
  readonly by: AttemptScope;
  readonly max: number;
  readonly windowSeconds: number;
}

const MINUTES = 60;
const HOURS = 3600;

/**
 * How often a secret may be tried or a message asked for (FEATURES A14). An account's own limit is wider than the one
 * from a single address, so that a stranger does not lock the owner out with a few tries.
 */
export const ATTEMPT_LIMITS = {
  sign_in: [
    { by: 'account_at_address', max: 10, windowSeconds: 15 * MINUTES },
    { by: 'address', max: 100, windowSeconds: 15 * MINUTES },
  ],
  /** The same from addresses where the person has not signed in lately, all together (`takeSignInAttempt`). */
  sign_in_elsewhere: [{ by: 'account', max: 50, windowSeconds: 1 * HOURS }],
  sign_up: [
    { by: 'account', max: 5, windowSeconds: 1 * HOURS },
    { by: 'address', max: 30, windowSeconds: 1 * HOURS },
  ],
  /** Links and codes that are sent to a person. */
  message: [
    { by: 'account', max: 5, windowSeconds: 1 * HOURS },
    { by: 'address', max: 30, windowSeconds: 1 * HOURS },
  ],
  /** Messages that a person has sent again by hand. */
  delivery_retry: [{ by: 'account', max: 20, windowSeconds: 1 * HOURS }],
  /** TOTP and recovery codes. */
  second_factor: [
    { by: 'account', max: 5, windowSeconds: 5 * MINUTES },
    { by: 'address', max: 50, windowSeconds: 15 * MINUTES },
  ],
  /** Codes that were sent by e-mail or SMS; each code has five attempts of its own as well. */
  verification_code: [
    { by: 'account', max: 20, windowSeconds: 1 * HOURS },
    { by: 'address', max: 50, windowSeconds: 1 * HOURS },
  ],
  /** Password of a signed-in person, where one is asked for again. */
  password: [
    { by: 'account', max: 10, windowSeconds: 15 * MINUTES },
    { by: 'address', max: 100, windowSeconds: 15 * MINUTES },
  ],
  pin: [
    { by: 'account', max: 20, windowSeconds: 1 * HOURS },
    { by: 'address', max: 200, windowSeconds: 1 * HOURS },
  ],
  /** PINs by which payouts are decided on in chats: whoever holds somebody's telephone has no more tries than these. */
  chat_pin: [{ by: 'account', max: 5, windowSeconds: 24 * HOURS }],
  /** Invoices by a payment link that are asked for with a publishable key, which anybody can read. */
  link_payment: [{ by: 'address', max: 100, windowSeconds: 15 * MINUTES }],
  /** Mails to customers: the account is the invoice, the inbox, or the merchant, which may be a new one of anybody's. */
  invoice_mail: [{ by: 'account', max: 5, windowSeconds: 1 * HOURS }],
  invoice_mail_inbox: [{ by: 'account', max: 20, windowSeconds: 1 * HOURS }],
  invoice_mail_merchant: [{ by: 'account', max: 1_000, windowSeconds: 1 * HOURS }],
  invoice_mail_test: [{ by: 'account', max: 50, windowSeconds: 1 * HOURS }],
  /** Choices of a way to pay on the page of an invoice, which anybody with its link may make. */
  pay_page: [
    { by: 'account', max: 60, windowSeconds: 15 * MINUTES },
    { by: 'address', max: 120, windowSeconds: 15 * MINUTES },
  ],
  /** What an endpoint is sent because somebody asks: the account is the endpoint, whose server may be a stranger's. */
  webhook_test: [{ by: 'account', max: 60, windowSeconds: 1 * HOURS }],
  webhook_replay: [{ by: 'account', max: 10, windowSeconds: 1 * HOURS }],
  webhook_redeliver: [{ by: 'account', max: 600, windowSeconds: 1 * HOURS }],
  /** Links by which a chat is connected: each is a row and a picture. */
  telegram_link: [{ by: 'account', max: 30, windowSeconds: 1 * HOURS }],
  /** Pictures that are decoded. */
  upload: [{ by: 'account', max: 20, windowSeconds: 15 * MINUTES }],
  /** Links, session tokens and API keys that nobody has. */
  token: [{ by: 'address', max: 100, windowSeconds: 5 * MINUTES }],
  /** No attempt: how often the log says that an account is being tried too often. */
  sign_in_limited: [{ by: 'account', max: 1, windowSeconds: 15 * MINUTES }],
  /** No limit: it weighs for an unknown account what the log entry weighs for a known one. */
  sign_in_unknown: [{ by: 'account', max: 1, windowSeconds: 15 * MINUTES }],
} as const satisfies Record<string, readonly AttemptLimit[]>;

export type AttemptKind = keyof typeof ATTEMPT_LIMITS;
