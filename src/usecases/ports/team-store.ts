import type { Role } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import type { Offer, TeamMember } from '../../domain/member/team-rules.ts';
import type { Result } from '../result.ts';

export interface NewInvitation {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly role: Role;
  readonly projectIds: readonly string[] | null;
  readonly tokenHash: Uint8Array;
  /** The user who invites. */
  readonly invitedBy: string;
  readonly expiresAt: Date;
}

/** Where a member or an invitation belongs. */
export interface TeamPlace {
  readonly merchantId: string;
  /** Of the member; null of an invitation. */
  readonly userId: string | null;
  readonly role: Role;
}

/** A merchant's team while nobody else can change it. */
export interface Team {
  readonly merchantName: string;
  /** Every owner, and whoever else was asked for. */
  readonly members: readonly TeamMember[];
  /** Those that are open at the moment. */
  readonly offers: readonly Offer[];
}

/** Who must be in the team that is read, besides the owners. */
export interface TeamQuestion {
  readonly userId: string;
  readonly memberId?: string;
  readonly emailKey?: string;
}

export interface TeamWrite {
  readonly saved?: readonly TeamMember[];
  readonly removed?: readonly TeamMember[];
  readonly revoked?: readonly Offer[];
  readonly invited?: NewInvitation;
  readonly events: readonly NewEvent[];
}

/** An invitation that can be accepted. */
export interface OpenInvitation {
  readonly id: string;
  readonly merchantId: string;
  readonly merchantName: string;
  readonly email: string;
  readonly role: Role;
  /** Whether a person with a confirmed account has that address. */
  readonly hasAccount: boolean;
}

/** Who accepts: somebody who has an account, or somebody who gets one by it. */
export type Joiner =
  | { readonly userId: string }
  | { readonly newUserId: string; readonly passwordHash: string; readonly locale: string };

export interface Join {
  readonly invitationId: string;
  readonly memberId: string;
  readonly joiner: Joiner;
  readonly at: Date;
}

export interface Joined {
  readonly merchantId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
}

export type JoinProblem =
  | 'INVITATION_GONE'
  | 'OTHER_ADDRESS'
  | 'OPERATOR'
  | 'MEMBER_ALREADY'
  | 'ACCOUNT_EXISTS'
  | 'NOT_CONFIRMED';

/** Members and invitations of merchants. A merchant's team is changed by one writer at a time. */
export interface TeamStore {
  memberPlace(memberId: string): Promise<TeamPlace | null>;
  invitationPlace(invitationId: string): Promise<TeamPlace | null>;
  /** Which of the projects belong to the merchant. */
  projectsAmong(merchantId: string, projectIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Reads the team under a lock on its merchant, has `decide` say what to write, and writes all of it or, for a
   * refusal, nothing. Null when there is no such merchant or it is closed.
   */
  changeTeam(
    merchantId: string,
    question: TeamQuestion,
    at: Date,
    decide: (team: Team) => Result<TeamWrite>,
  ): Promise<Result<null> | null>;
  /** The invitation of a token unless it was used or revoked, is expired at `at`, or the merchant is closed. */
  openInvitation(tokenHash: Uint8Array, at: Date): Promise<OpenInvitation | null>;
  /**
   * Uses an invitation, once, together with what it needs: a new person gets a confirmed account, because the token
   * was sent to that address. An account that nobody confirmed becomes the person's: it opened nothing until now.
   */
  join(join: Join, eventsFor: (joined: Joined) => readonly NewEvent[]): Promise<Joined | JoinProblem>;
}
