import { expect, test } from 'vitest';
import type { ApiKeyActor } from '../../../src/domain/access/actor.ts';
import { ANONYMOUS, SYSTEM } from '../../../src/domain/access/actor.ts';
import { changesRights, concerns } from '../../../src/domain/access/changes-rights.ts';
import { EVENT_TYPES, type EventType } from '../../../src/domain/event/catalogue.ts';
import { userEvent, type EventDraft, type SubjectType } from '../../../src/domain/event/event.ts';
import { userActor } from '../../testkit/actors.ts';

const ada = userActor('ada', { merchantId: 'shop', role: 'ADMIN', projectIds: null });
const bob = userActor('bob', { merchantId: 'other', role: 'OWNER', projectIds: null });
const key: ApiKeyActor = {
  type: 'API_KEY',
  apiKeyId: 'key',
  kind: 'SECRET',
  scopes: [],
  merchantId: 'shop',
  projectId: 'p1',
  mode: 'LIVE',
};
const ofShop = (
  type: EventType,
  subjectType: SubjectType,
  id: string,
  data: EventDraft['data'] = {},
): EventDraft => ({
  type,
  merchantId: 'shop',
  projectId: null,
  mode: null,
  subject: { type: subjectType, id },
  data,
});

test.each<[string, EventDraft, readonly string[]]>([
  ['a session that ended', userEvent('session.ended', 'ada', { sessionId: 'session of ada' }), ['ada']],
  ['another session of the person', userEvent('session.ended', 'ada', { sessionId: 'another' }), []],
  ['another token', userEvent('session.stepped_up', 'ada', { sessionId: 'session of ada' }), ['ada']],
  ['a new password', userEvent('user.password_changed', 'ada', {}), ['ada']],
  ['a PIN', userEvent('user.pin_set', 'ada', {}), ['ada']],
  ['signing in', userEvent('session.created', 'ada', { sessionId: 'session of ada' }), []],
  ['a member', ofShop('member.changed', 'MEMBER', 'member 1', { userId: 'ada' }), ['ada']],
  ['a new member', ofShop('member.joined', 'MEMBER', 'member 2', { userId: 'bob' }), ['bob']],
  ['a member of no account here', ofShop('member.removed', 'MEMBER', 'member 3', { userId: 'eve' }), []],
  ['a closed merchant', ofShop('merchant.closed', 'MERCHANT', 'shop'), ['ada', 'key']],
  ['another owner', ofShop('merchant.ownership_transferred', 'MERCHANT', 'shop'), ['ada']],
  ['a key', ofShop('api_key.revoked', 'API_KEY', 'key'), ['key']],
  ['another key', ofShop('api_key.revoked', 'API_KEY', 'another'), []],
  ['an operator', userEvent('operator.disabled', 'bob', {}), ['bob']],
  ['an invoice', ofShop('invoice.paid', 'INVOICE', 'invoice'), []],
  ['data of the merchant', ofShop('merchant.updated', 'MERCHANT', 'shop'), []],
])('%s concerns those whose rights it may change', (_what, event, concerned) => {
  const actors = { ada, bob, key, nobody: ANONYMOUS, system: SYSTEM };
  const found = Object.entries(actors).flatMap(([name, actor]) => (concerns(event, actor) ? [name] : []));
  expect(found).toEqual(concerned);
});

test('events of payments, projects and messages change no rights', () => {
  const some = EVENT_TYPES.filter((type) => changesRights({ type }));
  const prefixes = new Set(some.map((type) => type.split('.', 1)[0]));
  expect(prefixes).toEqual(new Set(['api_key', 'member', 'merchant', 'operator', 'session', 'user']));
});
