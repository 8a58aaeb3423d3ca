import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/domain/access/actor.ts';
import {
  changeTeam,
  isEnabledOwner,
  isRestrictable,
  mayHandle,
  withdrawnOffers,
  type Offer,
  type TeamChange,
  type TeamMember,
} from '../../../src/domain/member/team-rules.ts';

const ROLES: readonly Role[] = ['OWNER', 'ADMIN', 'FINANCE', 'DEVELOPER', 'SUPPORT', 'VIEWER'];
const NOW = new Date('2026-01-01T00:00:00Z');
const RUNS = { numRuns: 2000 };

const role = fc.constantFrom(...ROLES);
const projects = fc.constantFrom(null, ['p1'], ['p1', 'p2']);

const member = (index: number, more: Partial<TeamMember> = {}): TeamMember => ({
  memberId: `m${index}`,
  userId: `u${index}`,
  email: `${index}@shop.example`,
  role: 'VIEWER',
  projectIds: null,
  disabledAt: null,
  ...more,
});

/** One enabled owner, and others in whatever state the rules allow. */
const anyTeam = fc
  .array(fc.record({ role, projectIds: projects, isDisabled: fc.boolean() }), { maxLength: 4 })
  .map((others) => [
    member(0, { role: 'OWNER' }),
    ...others.map(({ role, projectIds, isDisabled }, index) =>
      member(index + 1, {
        role,
        projectIds: isRestrictable(role) ? projectIds : null,
        disabledAt: isDisabled ? NOW : null,
      }),
    ),
  ]);

const anyChange: fc.Arbitrary<TeamChange> = fc.oneof(
  fc.record({ kind: fc.constant('UPDATE' as const), role, projectIds: projects }),
  fc.constant<TeamChange>({ kind: 'DISABLE', at: NOW }),
  fc.constant<TeamChange>({ kind: 'ENABLE' }),
  fc.constant<TeamChange>({ kind: 'REMOVE' }),
  fc.constant<TeamChange>({ kind: 'TRANSFER_OWNERSHIP' }),
);

const anyAction = fc.record({ acting: fc.nat(5), target: fc.nat(5), change: anyChange });

type Action = typeof anyAction extends fc.Arbitrary<infer T> ? T : never;

/** The team after one action; the same when it was refused. */
function after(team: readonly TeamMember[], { acting, target, change }: Action): readonly TeamMember[] {
  const outcome = changeTeam(team, `u${acting}`, `m${target}`, change);
  if (typeof outcome === 'string') return team;
  const gone = new Set(outcome.removed.map(({ memberId }) => memberId));
  return team
    .filter(({ memberId }) => !gone.has(memberId))
    .map((member) => outcome.saved.find(({ memberId }) => memberId === member.memberId) ?? member);
}

describe('whatever is done to a team', () => {
  test('an owner who is not disabled is always left', () => {
    fc.assert(
      fc.property(anyTeam, fc.array(anyAction, { maxLength: 30 }), (team, actions) => {
        expect(actions.reduce(after, team).some(isEnabledOwner)).toBe(true);
      }),
      RUNS,
    );
  });

  test('owners and admins are never restricted', () => {
    fc.assert(
      fc.property(anyTeam, fc.array(anyAction, { maxLength: 30 }), (team, actions) => {
        for (const { role, projectIds } of actions.reduce(after, team)) {
          expect(projectIds === null || isRestrictable(role)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('nobody gives or changes a role above the own one, nor the own membership but by leaving', () => {
    fc.assert(
      fc.property(anyTeam, anyAction, (team, action) => {
        const acting = team.find(({ userId }) => userId === `u${action.acting}`);
        for (const before of team) {
          const now = after(team, action).find(({ memberId }) => memberId === before.memberId);
          if (now === before) continue;
          expect(acting?.disabledAt).toBeNull();
          if (acting?.memberId === before.memberId) {
            const gaveAway = action.change.kind === 'TRANSFER_OWNERSHIP' && now?.role === 'ADMIN';
            expect(now === undefined || gaveAway).toBe(true);
          } else {
            expect(acting && mayHandle(acting.role, before.role)).toBe(true);
            expect(acting && (now === undefined || mayHandle(acting.role, now.role))).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  test('only owners and admins change others', () => {
    fc.assert(
      fc.property(anyTeam, anyAction, (team, action) => {
        const acting = team.find(({ userId }) => userId === `u${action.acting}`);
        const leaves = action.acting === action.target && action.change.kind === 'REMOVE';
        fc.pre(!leaves && (acting === undefined || isRestrictable(acting.role)));
        expect(after(team, action)).toEqual(team);
      }),
      RUNS,
    );
  });
});

describe('an offer', () => {
  const offer: Offer = {
    invitationId: 'i',
    email: 'a@b.cc',
    emailKey: 'a@b.cc',
    role: 'ADMIN',
    invitedBy: 'u1',
  };
  test.each<[string, TeamMember[], TeamMember[], boolean]>([
    ['somebody else changes', [member(2, { role: 'VIEWER' })], [], false],
    ['its maker stays admin', [member(1, { role: 'ADMIN' })], [], false],
    ['its maker is lowered', [member(1, { role: 'FINANCE' })], [], true],
    ['its maker is disabled', [member(1, { role: 'OWNER', disabledAt: NOW })], [], true],
    ['its maker is removed', [], [member(1, { role: 'OWNER' })], true],
  ])('when %s: is withdrawn or not', (_what, saved, removed, isWithdrawn) => {
    expect(withdrawnOffers([offer], { saved, removed })).toEqual(isWithdrawn ? [offer] : []);
  });

  test('of an owner goes when its maker becomes an admin', () => {
    const ofOwner: Offer = { ...offer, role: 'OWNER' };
    expect(withdrawnOffers([ofOwner], { saved: [member(1, { role: 'ADMIN' })], removed: [] })).toEqual([
      ofOwner,
    ]);
  });
});
