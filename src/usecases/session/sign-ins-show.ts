import type { UserActor } from '../../domain/access/actor.ts';
import { sessionState } from '../../domain/account/session-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { SessionStore } from '../ports/session-store.ts';

export interface ShownSignIn {
  readonly sessionId: string;
  readonly at: Date;
  readonly ip: string;
  readonly device: string;
  /** Whether that session can still be used. */
  readonly isLive: boolean;
  readonly isDisowned: boolean;
}

/** The person's own last sign-ins, the latest first; of these only one where its session is named (FEATURES N2). */
export type SignInsShow = (
  actor: UserActor,
  input: { readonly sessionId?: string },
) => Promise<readonly ShownSignIn[]>;

const SHOWN = 5;

export interface SignInsShowDeps {
  readonly sessions: Pick<SessionStore, 'signIns'>;
  readonly clock: Clock;
}

export const signInsShow =
  ({ sessions, clock }: SignInsShowDeps): SignInsShow =>
  async ({ userId }, input) => {
    const at = clock.now();
    const found = await sessions.signIns(userId, { limit: SHOWN, ...input });
    return found.map((signIn) => ({
      sessionId: signIn.sessionId,
      at: signIn.createdAt,
      ip: signIn.ip,
      device: signIn.device,
      isLive: signIn.endedAt === null && sessionState(signIn, at).state !== 'OVER',
      isDisowned: signIn.disownedAt !== null,
    }));
  };
