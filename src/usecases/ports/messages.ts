import type { Event } from '../../domain/event/event.ts';
import type { Digest } from '../../domain/notification/digest.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes the texts of an event for one channel. Everything inserted is escaped for its format. */
export interface Messages {
  /**
   * `extra` holds what is not in the event, such as a confirmation link; `unsubscribeUrl` is where such mails are
   * ended, null for those that cannot be. Throws when the event has no template.
   */
  mail(
    event: Event,
    locale: string,
    extra: Readonly<Record<string, string>>,
    unsubscribeUrl?: string | null,
  ): RenderedMail;
  /** Plain text that fits into one part: 160 characters of GSM-7, or 70 in another script. `extra` as for mail. */
  sms(event: Event, locale: string, extra: Readonly<Record<string, string>>): string;
  /** Telegram HTML. */
  chat(event: Event, locale: string): string;
  /** Several events as one message; never of the safety of an account. */
  digestMail(digest: Digest, locale: string, unsubscribeUrl?: string | null): RenderedMail;
  digestChat(digest: Digest, locale: string): string;
}
