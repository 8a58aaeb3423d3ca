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

export interface ChatMessage {
  readonly bot: 'INFO' | 'MERCHANT';
  readonly chatId: string;
  /** Telegram HTML. */
  readonly html: string;
}

export interface ChatSender {
  send(message: ChatMessage): Promise<SendOutcome>;
}
