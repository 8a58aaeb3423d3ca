import type { Event } from '../../domain/event/event.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes the texts of an event for one channel. Everything inserted is escaped for its format. */
export interface Messages {
  /** `extra` holds what is not in the event, such as a confirmation link. Throws when the event has no template. */
  mail(event: Event, locale: string, extra: Readonly<Record<string, string>>): RenderedMail;
  /** Plain text. `extra` as for mail. */
  sms(event: Event, locale: string, extra: Readonly<Record<string, string>>): string;
  /** Telegram HTML. */
  chat(event: Event, locale: string): string;
}
