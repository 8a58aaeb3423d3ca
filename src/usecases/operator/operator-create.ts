import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { OperatorRole } from '../../domain/access/rights.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { managementRefused } from './operator-management.ts';

export interface OperatorCreateInput {
  readonly email: string;
  readonly role: OperatorRole;
}

/**
 * Makes somebody an operator: a new person, who is mailed the link that sets a password; a person without any
 * merchant; or a disabled operator. `tokenId` is what the link is derived from, null for somebody known. The first one
 * is made by SYSTEM, from the command line.
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, WRONG_STATE (works for a merchant, or is an operator).
 */
export type OperatorCreate = (
  actor: Actor,
  input: OperatorCreateInput,
) => Promise<Result<{ userId: string; tokenId: string | null }>>;

export interface OperatorCreateDeps {
  readonly operators: Pick<OperatorStore, 'createOperator'>;
  readonly passwords: Pick<PasswordHasher, 'hash'>;
  readonly secrets: Pick<Secrets, 'issue' | 'derive'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** The link is one that resets a password. */
export const PASSWORD_LINK_PURPOSE = 'PASSWORD_RESET';
/** Longer than after a request of one's own: the new operator does not sit at the mailbox. */
const LINK_MILLISECONDS = 24 * 3_600_000;

export const operatorCreate =
  (deps: OperatorCreateDeps): OperatorCreate =>
  async (actor, { email: typed, role }) => {
    const { operators, secrets, ids, clock } = deps;
    const at = clock.now();
    const email = typed.trim();
    const invalid = isEmail(email) ? null : refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
    const refused = managementRefused(actor, invalid, at);
    if (refused) return refused;
    const tokenId = ids.next();
    const account = {
      userId: ids.next(),
      passwordHash: await deps.passwords.hash(secrets.issue('').secret),
      token: {
        id: tokenId,
        hash: secrets.derive(PASSWORD_LINK_PURPOSE, tokenId).hash,
        expiresAt: new Date(at.getTime() + LINK_MILLISECONDS),
      },
    };
    const stamped = (draft: EventDraft) =>
      stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at });
    const made = await operators.createOperator(
      { email, emailKey: emailKeyOf(email), role, account, at },
      (userId, isNewPerson) => [
        stamped(userEvent('operator.created', userId, { email, role })),
        ...(isNewPerson ? [stamped(userEvent('user.password_reset_requested', userId, { tokenId }))] : []),
      ],
    );
    if (made.outcome !== 'created') return refuse('WRONG_STATE', WHY_NOT[made.outcome], 'email');
    deps.feed.poke();
    return done({ userId: made.userId, tokenId: made.isNewPerson ? tokenId : null });
  };

const WHY_NOT = {
  is_member: 'This person works for a merchant; use another address for running the gateway.',
  is_operator: 'This person is an operator already.',
} as const;
