import type { InvoiceStatus } from '../../domain/invoice/invoice-status.ts';
import type { PayoutWait } from '../../domain/payout/payout-waits.ts';
import type { PayoutStatus } from '../../domain/payout/payout.ts';
import type { PayoutVerdict } from '../../usecases/payout/payout-decide-by-pin.ts';
import type { MuteLength } from '../../usecases/telegram/telegram-chat-mute.ts';

export type BotCommand =
  | 'help'
  | 'balance'
  | 'invoices'
  | 'invoice'
  | 'payouts'
  | 'mute'
  | 'unmute'
  | 'signins'
  | 'language'
  | 'stop';

/** What is said of an invoice in a list. `EXPIRED` is one that ended without its money. */
export type ShownStatus = InvoiceStatus | 'EXPIRED';

/** Amounts and times are written in the form of the language before they come here. */
export interface BalanceLine {
  readonly available: string;
  /** Null where there is none of it. */
  readonly pending: string | null;
  readonly held: string | null;
  readonly owed: string | null;
}

export interface PayoutLine {
  readonly amount: string;
  /** Where it goes, shortened. */
  readonly to: string;
  readonly status: string;
}

export interface PayoutSummary {
  readonly amount: string;
  readonly arrives: string;
  readonly fees: string;
  /** Null for a bank account. */
  readonly network: string | null;
  /** Where it goes, in full. */
  readonly to: string;
  /** Null for the gateway itself. */
  readonly askedBy: string | null;
  readonly reference: string | null;
  /** What it carries out; null for a payout of its own. */
  readonly source: 'REFUND' | 'REBOUND' | null;
  /** The shop's own name for the invoice of that, else its id. */
  readonly order: string | null;
  /** Who named the inbox in which the payer was asked; null where the invoice did. */
  readonly inboxNamedBy: string | null;
  readonly merchant: string;
  readonly isTest: boolean;
}

export interface InvoiceSummary {
  readonly amount: string;
  readonly orderId: string | null;
  readonly merchant: string;
  readonly project: string;
  readonly isTest: boolean;
}

export interface SignInLine {
  readonly time: string;
  readonly device: string;
  readonly ip: string;
  /** Whether that session is signed in still. */
  readonly isLive: boolean;
  readonly isDisowned: boolean;
}

/**
 * Everything that the bots say, in one language. All of it is plain text, sent without markup: nothing that is
 * inserted needs escaping. Texts on buttons are short: a telephone shows about 30 characters.
 */
export interface BotTexts {
  /** What the bot does and how to connect, for a chat that is nobody's. */
  readonly infoWelcome: string;
  readonly merchantWelcome: string;
  readonly infoConnected: string;
  readonly merchantConnected: (merchant: string) => string;
  /** For a link that was used, is too old or was made up. */
  readonly invalidLink: string;
  /** Above the list of commands. */
  readonly infoHelp: string;
  readonly merchantHelp: string;
  /** What each command does, in the list of commands: at most 60 characters. */
  readonly commands: Readonly<Record<BotCommand, string>>;
  readonly unknownCommand: string;
  /** For a button whose question is over. Shown as a note: at most 200 characters. */
  readonly outdated: string;
  readonly apology: string;
  /** For somebody whose role does not allow it. */
  readonly notAllowed: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly chooseMerchant: string;
  readonly chooseProject: string;
  /** The sign of play money, in front of a title. */
  readonly test: string;

  readonly balance: {
    readonly title: (merchant: string) => string;
    readonly none: string;
    readonly line: (line: BalanceLine) => string;
  };
  readonly invoices: {
    readonly title: (merchant: string) => string;
    readonly none: string;
    readonly more: string;
    readonly showTest: string;
    readonly showLive: string;
    readonly status: Readonly<Record<ShownStatus, string>>;
  };
  readonly invoice: {
    /** How the command is written, with an example. */
    readonly usage: string;
    readonly unknownCurrency: (code: string) => string;
    readonly badAmount: (currency: string) => string;
    readonly badOrderId: string;
    readonly summary: (invoice: InvoiceSummary) => string;
    readonly create: string;
    readonly asTest: string;
    readonly asLive: string;
    readonly created: (invoice: InvoiceSummary, link: string) => string;
    readonly projectNotActive: string;
    /** The command that the buttons belong to was changed, or another invoice was made with them. */
    readonly changed: string;
  };
  readonly payouts: {
    readonly title: (merchant: string) => string;
    readonly none: string;
    readonly line: (line: PayoutLine) => string;
    readonly consents: (given: number, required: number) => string;
    readonly status: Readonly<Partial<Record<PayoutStatus, string>>>;
    /** By the reason for which a queued one waits. */
    readonly waits: Readonly<Record<PayoutWait, string>>;
    /** On buttons; `place` is the number in a list, null below a message of its own. */
    readonly approve: (place: number | null) => string;
    readonly refuse: (place: number | null) => string;
    readonly askPin: (verdict: PayoutVerdict, payout: PayoutSummary) => string;
    /** In the empty field; at most 64 characters. */
    readonly pinPlaceholder: string;
    readonly approved: (given: number, required: number) => string;
    /** The last consent that it needed. */
    readonly queued: string;
    /** What becomes of the money depends on what the payout carries out. */
    readonly refused: (source: PayoutSummary['source']) => string;
    readonly badPin: string;
    readonly wrongPin: string;
    readonly tooManyPins: string;
    /** For digits that answer no question. */
    readonly answerTheQuestion: string;
    /** The message with the PIN is still there. */
    readonly notDeleted: string;
    /** It went on since it was shown. */
    readonly changed: string;
    readonly own: string;
    readonly noPin: string;
    readonly noSecondFactor: string;
    readonly held: (until: string) => string;
  };
  readonly mute: {
    readonly question: string;
    readonly choices: Readonly<Record<MuteLength, string>>;
    readonly mutedUntil: (time: string) => string;
    readonly mutedForever: string;
    readonly unmuted: string;
  };
  readonly language: {
    readonly question: string;
    readonly chosen: string;
  };
  readonly stop: {
    readonly question: string;
    readonly confirm: string;
    readonly done: string;
  };
  readonly signIns: {
    readonly title: string;
    readonly none: string;
    readonly line: (signIn: SignInLine) => string;
    /** On the button below one sign-in; `place` is its number in the list, null below a message of its own. */
    readonly notMe: (place: number | null) => string;
    readonly question: (signIn: SignInLine) => string;
    readonly confirm: string;
    /** What was done, and what to do next. */
    readonly disowned: string;
    readonly disownedBefore: string;
    readonly unknown: string;
    readonly newPassword: string;
    /** The mail with the link for a new password is on its way. */
    readonly passwordMailed: string;
    readonly tooMany: string;
  };
}
