import type { Client } from '../../domain/access/actor.ts';
import type { OpenInvitation } from '../ports/team-store.ts';
import type { Result } from '../result.ts';
import { invitationOf, type InvitationTokenDeps } from './invitation-token.ts';

/** What an invitation offers, for the page behind its link. Changes nothing. */
export type InvitationShow = (
  client: Client | undefined,
  token: string,
) => Promise<Result<Pick<OpenInvitation, 'merchantName' | 'email' | 'role' | 'hasAccount'>>>;

export const invitationShow =
  (deps: InvitationTokenDeps): InvitationShow =>
  (client, token) =>
    invitationOf(deps, token, client);
