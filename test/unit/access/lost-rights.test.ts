import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  Actor,
  ApiKeyActor,
  LockedActor,
  Membership,
  OperatorActor,
  Role,
} from '../../../src/domain/access/actor.ts';
import { ANONYMOUS } from '../../../src/domain/access/actor.ts';
import { hasLostRights } from '../../../src/domain/access/lost-rights.ts';
import { may, RIGHTS, ROLE_RIGHTS } from '../../../src/domain/access/rights.ts';
import { userActor } from '../../testkit/actors.ts';

const member = (role: Role, projectIds: readonly string[] | null = null): Actor =>
  userActor('ada', { merchantId: 'shop', role, projectIds });

const { type: _type, memberships: _memberships, ...session } = userActor('ada');
const LOCKED: LockedActor = { type: 'LOCKED', ...session };
const operator = (change: Partial<OperatorActor> = {}): OperatorActor => ({
  type: 'OPERATOR',
  ...session,
  secondFactorAt: new Date(0),
  role: 'ADMIN',
  ...change,
});
const key = (change: Partial<ApiKeyActor> = {}): ApiKeyActor => ({
  type: 'API_KEY',
  apiKeyId: 'key',
  kind: 'SECRET',
  scopes: ['invoice:read', 'invoice:write'],
  merchantId: 'shop',
  projectId: 'p1',
  mode: 'LIVE',
  ...change,
});

describe('rights are lost', () => {
  test.each<[string, Actor, Actor | null]>([
    ['when the session or key has ended', member('OWNER'), null],
    ['when it is locked', member('VIEWER'), LOCKED],
    ['when the membership is gone or disabled', member('VIEWER'), userActor('ada')],
    ['when the role is lowered', member('ADMIN'), member('FINANCE')],
    ['when the role is another that allows less of something', member('FINANCE'), member('DEVELOPER')],
    ['when an owner becomes an administrator', member('OWNER'), member('ADMIN')],
    ['when a restriction to projects begins', member('VIEWER'), member('VIEWER', ['p1'])],
    ['when a project is taken off', member('VIEWER', ['p1', 'p2']), member('VIEWER', ['p2', 'p3'])],
    ['when a member becomes an operator', userActor('ada'), operator()],
    ['when an operator is none any more', operator(), userActor('ada')],
    ['when an operator has a lower role', operator(), operator({ role: 'MODERATOR' })],
    ['when the second factor of the session counts no more', operator(), operator({ secondFactorAt: null })],
    ['when a key has fewer scopes', key(), key({ scopes: ['invoice:read'] })],
    ['when a key is of another mode', key(), key({ mode: 'TEST' })],
  ])('%s', (_when, before, after) => {
    expect(hasLostRights(before, after)).toBe(true);
  });
});

describe('nothing is lost', () => {
  test.each<[string, Actor, Actor]>([
    ['when nothing changed', member('OWNER'), member('OWNER')],
    ['when the role is raised', member('VIEWER'), member('ADMIN')],
    ['when a restriction ends', member('VIEWER', ['p1']), member('VIEWER')],
    ['when a project is added', member('VIEWER', ['p1']), member('VIEWER', ['p2', 'p1'])],
    ['when a merchant is joined', userActor('ada'), member('VIEWER')],
    ['when an operator is raised', operator({ role: 'SUPPORT' }), operator()],
    ['when a key has more scopes', key(), key({ scopes: ['invoice:write', 'invoice:read', 'event:read'] })],
    [
      'when a scope goes that keys of the kind cannot use',
      key({ scopes: ['invoice:read', 'withdrawal:write'] }),
      key({ scopes: ['invoice:read'] }),
    ],
    ['when a session was used', userActor('ada'), { ...userActor('ada'), validUntil: new Date(0) }],
    ['of nobody', ANONYMOUS, ANONYMOUS],
  ])('%s', (_when, before, after) => {
    expect(hasLostRights(before, after)).toBe(false);
  });
});

const PROJECTS = ['p1', 'p2', 'p3'];
const membership = fc.record<Membership>({
  merchantId: fc.constantFrom('shop', 'other'),
  role: fc.constantFrom(...(Object.keys(ROLE_RIGHTS) as Role[])),
  projectIds: fc.option(fc.subarray(PROJECTS)),
});
const person = fc
  .uniqueArray(membership, { maxLength: 2, selector: ({ merchantId }) => merchantId })
  .map((memberships) => userActor('ada', ...memberships));

test('whoever could do anything that is refused afterwards has lost rights', () => {
  const places = ['shop', 'other'].flatMap((merchantId) => [
    { merchantId },
    ...PROJECTS.map((projectId) => ({ merchantId, projectId })),
  ]);
  fc.assert(
    fc.property(person, person, (before, after) => {
      const refused = places.some((place) =>
        RIGHTS.some((right) => may(before, right, place) && !may(after, right, place)),
      );
      if (refused) expect(hasLostRights(before, after)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
