import type { NewEvent } from '../../domain/event/event.ts';

export interface LogoChange {
  readonly projectId: string;
  /** The logo that was seen: another one since makes the change 'stale'. */
  readonly seen: string | null;
  /** Null takes the logo away. */
  readonly logo: { readonly id: string; readonly image: Uint8Array } | null;
  readonly at: Date;
}

/** Logos of projects. */
export interface LogoStore {
  /** Puts the logo in the place of the one seen, in one statement with the event; 'stale' also for an archived project. */
  changeLogo(change: LogoChange, event: NewEvent): Promise<'written' | 'stale'>;
  /** The PNG; null when there is none of this id any more. */
  imageOf(logoId: string): Promise<Uint8Array | null>;
}
