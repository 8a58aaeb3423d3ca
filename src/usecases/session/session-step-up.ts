import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { STEP_UP_MS } from '../../domain/access/step-up.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { PasswordHasher, Secrets } from '../ports/secrets.ts';
import type { SignInStore } from '../ports/sign-in-store.ts';
import type { FactorsOfPerson, TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readProof, type Proof, type ProofInput } from '../two-factor/proof-input.ts';
import { checkSecondFactor, type SecondFactorDeps } from '../two-factor/second-factor-check.ts';
import { NOT_ENABLED } from '../two-factor/two-factor-disable.ts';
import { SESSION_TOKEN_PREFIX } from './session-create.ts';

export interface SessionStepUpInput extends ProofInput {
  readonly password?: string | null | undefined;
}

/**
 * A person proves again to be there, which opens for ten minutes what asks for it: with a second factor where an
 * authenticator is set up, else with the password. The session gets another token, and the one before is void: whoever
 * has copied that one does not rise with the person (OWASP ASVS 5.0, 7.2.4).
 */
export type SessionStepUp = (
  actor: PersonActor,
  input: SessionStepUpInput,
) => Promise<Result<{ token: string; until: Date }>>;

export interface SessionStepUpDeps extends SecondFactorDeps {
  readonly signIns: Pick<SignInStore, 'stepUp'>;
  readonly factors: Pick<TwoFactorStore, 'factorsOf' | 'acceptStep' | 'useRecoveryCode'>;
  readonly accounts: Pick<AccountStore, 'appendEvent'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly secrets: Pick<Secrets, 'hash' | 'issue'>;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const sessionStepUp =
  (deps: SessionStepUpDeps): SessionStepUp =>
  async (actor, input) => {
    const given = readInput(input);
    if (!given.ok) return given;
    const at = deps.clock.now();
    const person = await deps.factors.factorsOf(actor.userId);
    const event = (type: EventType) =>
      stampEvent(userEvent(type, actor.userId, { sessionId: actor.sessionId }), {
        id: deps.ids.next(),
        actor: eventActor(actor),
        at,
      });
    const proven = await prove(deps, actor, person, given.value, at);
    if (!proven.ok) {
      if (isFailure(proven.refusal.code)) {
        await deps.accounts.appendEvent(event('session.step_up_refused'));
        deps.feed.poke();
      }
      return proven;
    }
    const token = deps.secrets.issue(SESSION_TOKEN_PREFIX);
    const { sessionId } = actor;
    const withSecondFactor = given.value.kind !== 'PASSWORD';
    const stepped = await deps.signIns.stepUp(
      { sessionId, tokenHash: token.hash, withSecondFactor, at },
      event('session.stepped_up'),
    );
    deps.feed.poke();
    if (!stepped) return refuse('WRONG_STATE', 'The session has ended.');
    return done({ token: token.secret, until: new Date(at.getTime() + STEP_UP_MS) });
  };

type Given = Proof | { readonly kind: 'PASSWORD'; readonly password: string };

function readInput(input: SessionStepUpInput): Result<Given> {
  const read = readProof(input);
  if (!read.ok) return read;
  const { password = null } = input;
  if (read.value !== null && password === null) return done(read.value);
  if (read.value === null && password !== null) return done({ kind: 'PASSWORD', password });
  return refuse('INVALID_INPUT', 'Send one proof: a code of the authenticator, or the password without one.');
}

async function prove(
  deps: SessionStepUpDeps,
  actor: PersonActor,
  { totp, passwordHash }: FactorsOfPerson,
  given: Given,
  at: Date,
): Promise<Result<null>> {
  const { userId } = actor;
  const client = clientOf(actor);
  const sealedSecret = totp?.enabledAt ? totp.sealedSecret : null;
  if (given.kind !== 'PASSWORD') {
    if (sealedSecret === null) return refuse('WRONG_STATE', `${NOT_ENABLED} Send the password.`);
    return checkSecondFactor(deps, {
      userId,
      sealedSecret,
      proof: given,
      actor: eventActor(actor),
      client,
      at,
    });
  }
  if (sealedSecret !== null) {
    return refuse(
      'SECOND_FACTOR_REQUIRED',
      'Send a code of the authenticator, or a recovery code.',
      'totpCode',
    );
  }
  const limited = await takeAttempt(deps.limits, 'password', { account: userId, client }, at);
  if (limited) return limited;
  if (!(await deps.passwords.verify(passwordHash, given.password))) {
    return refuse('INVALID_CREDENTIALS', 'The password is wrong.', 'password');
  }
  await deps.limits.forgive('password', { account: userId });
  return done(null);
}

const isFailure = (code: string): boolean => code === 'INVALID_CREDENTIALS' || code === 'CODE_REFUSED';
