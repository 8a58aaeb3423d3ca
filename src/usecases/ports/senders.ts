/** What became of one attempt to send. Senders never throw for what the other side said. */
export type SendOutcome =
  | { readonly kind: 'sent' }
  /** Try again, not before `retryAfterSeconds` when the other side named it. */
  | { readonly kind: 'retry'; readonly error: string; readonly retryAfterSeconds?: number }
  /** Never try again. */
  | { readonly kind: 'rejected'; readonly error: string }
  /** Never again to this target: the person blocked the bot or the chat is gone. */
  | { readonly kind: 'target_gone'; readonly error: string }
  /** The connection died after the request was sent: it may have arrived. */
  | { readonly kind: 'unknown'; readonly error: string };

export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Stays the same over attempts and becomes the Message-ID (RFC 5322). */
  readonly deliveryId: string;
  /** Where a click, or a program by POST, ends such mails (RFC 8058); null where they cannot be ended. */
  readonly unsubscribeUrl: string | null;
}

export interface MailSender {
  send(message: MailMessage): Promise<SendOutcome>;
}

export interface SmsMessage {
  /** E.164. */
  readonly to: string;
  /** One message of at most 160 characters of GSM 03.38, or it costs more than one. */
  readonly text: string;
}

export interface SmsSender {
  /** Nothing in an SMS tells a second copy: a lost answer is `unknown`. */
  send(message: SmsMessage): Promise<SendOutcome>;
}

/** Stands below a message; pressing it gives the bot what it carries. */
export interface ChatButton {
  readonly text: string;
  /** At most 64 bytes. */
  readonly data: string;
}

export interface ChatMessage {
  readonly bot: 'INFO' | 'MERCHANT';
  readonly chatId: string;
  /** Telegram HTML. */
  readonly html: string;
  /** One a line; none when left out. */
  readonly buttons?: readonly ChatButton[];
}

export interface ChatSender {
  send(message: ChatMessage): Promise<SendOutcome>;
}
