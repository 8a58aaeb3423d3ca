import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/domain/access/actor.ts';
import type { OperatorRole } from '../../../src/domain/access/rights.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../../../src/domain/event/catalogue.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import {
  audienceOf,
  mayStillHear,
  routeEvent,
  type Candidate,
  type Chat,
  type MemberAccess,
  type Person,
} from '../../../src/domain/event/routing.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/notification/notification-settings.ts';

const event = (type: EventType, changes: Partial<Event> = {}): Event => ({
  id: 'event-1',
  type,
  version: 1,
  merchantId: 'merchant-1',
  projectId: null,
  mode: null,
  subject: { type: 'INVOICE', id: 'invoice-1' },
  actor: { type: 'SYSTEM', id: null },
  data: {},
  occurredAt: new Date(0),
  position: { txid: 1n, seq: 1n },
  ...changes,
});

const person = (userId: string, changes: Partial<Person> = {}): Person => ({
  userId,
  email: `${userId}@example.com`,
  emailConfirmed: true,
  emailBounced: false,
  chats: [],
  preferences: [],
  settings: DEFAULT_SETTINGS,
  ...changes,
});
const member = (
  role: Role,
  changes: Partial<Person> = {},
  access: Partial<MemberAccess> = {},
): Candidate => ({
  person: person(role, changes),
  member: { role, projectIds: null, closedAt: null, ...access },
});
const user = (changes: Partial<Person> = {}): Candidate => ({
  person: person('user-1', changes),
  member: null,
});

const operator = (role: OperatorRole, changes: Partial<Person> = {}): Candidate => ({
  person: person(`operator-${role}`, changes),
  member: null,
  operator: role,
});

const route = (of: Event, candidates: readonly Candidate[]) => {
  const { notified, deliveries } = routeEvent(of, candidates, []);
  return {
    notified,
    deliveries: deliveries.map(({ channel, target, userId }) => ({ channel, target, userId })),
  };
};

const ROLES: readonly Role[] = ['OWNER', 'ADMIN', 'FINANCE', 'DEVELOPER', 'SUPPORT', 'VIEWER'];

describe('audience', () => {
  test('of a live-only event is nobody', () => {
    expect(audienceOf(event('invoice.created'))).toEqual({ kind: 'nobody' });
    expect(
      route(
        event('invoice.created'),
        ROLES.map((role) => member(role)),
      ),
    ).toEqual({
      notified: [],
      deliveries: [],
    });
  });

  test('is the person that the event is about, else the one who acted', () => {
    const about = event('session.created', {
      subject: { type: 'USER', id: 'user-1' },
      actor: { type: 'USER', id: 'user-2' },
    });
    expect(audienceOf(about)).toEqual({ kind: 'user', userId: 'user-1' });
    const acted = event('telegram_link.connected', { actor: { type: 'USER', id: 'user-2' } });
    expect(audienceOf(acted)).toEqual({ kind: 'user', userId: 'user-2' });
  });

  test('that cannot be found is a fault', () => {
    expect(() => audienceOf(event('session.created'))).toThrow('concerns no person');
    expect(() => audienceOf(event('session.created', { actor: { type: 'API_KEY', id: 'key-1' } }))).toThrow(
      'no person',
    );
    expect(() => audienceOf(event('invoice.paid', { merchantId: null }))).toThrow('has no merchant');
    const unknown = Object.assign(event('invoice.paid'), { type: 'planet.exploded' });
    expect(() => audienceOf(unknown)).toThrow('unknown type planet.exploded');
  });

  test('of a merchant event is its members', () => {
    expect(audienceOf(event('invoice.paid'))).toEqual({ kind: 'members', merchantId: 'merchant-1' });
  });
});

describe('members are told what their role may see', () => {
  test.each<[EventType, readonly Role[]]>([
    ['invoice.paid', ROLES],
    ['project.created', ROLES],
    ['api_key.created', ['OWNER', 'ADMIN', 'DEVELOPER']],
  ])('%s', (type, told) => {
    expect(
      route(
        event(type),
        ROLES.map((role) => member(role)),
      ).notified,
    ).toEqual(told);
  });

  test('somebody who is no member is told nothing', () => {
    expect(route(event('invoice.paid'), [user()])).toEqual({ notified: [], deliveries: [] });
  });

  test('and what the restriction to projects leaves them', () => {
    const restricted = member('ADMIN', {}, { projectIds: ['project-1'] });
    const told = (type: EventType, projectId: string | null) =>
      route(event(type, { projectId }), [restricted]).notified.length === 1;
    expect(told('invoice.paid', 'project-1')).toBe(true);
    expect(told('api_key.created', 'project-1')).toBe(true);
    expect(told('invoice.paid', 'project-2')).toBe(false);
    expect(told('api_key.created', 'project-2')).toBe(false);
    expect(told('merchant.updated', null)).toBe(true);
    expect(told('member.joined', null)).toBe(false);
    expect(told('withdrawal_address.added', null)).toBe(false);
    expect(route(event('invoice.paid'), [member('OWNER', {}, { projectIds: [] })]).notified).toEqual([]);
  });

  test('until the merchant is closed, and of the closing itself', () => {
    const closedAt = new Date(1_000);
    const told = (type: EventType, at: number) =>
      route(event(type, { occurredAt: new Date(at) }), [member('OWNER', {}, { closedAt })]).notified;
    expect(told('merchant.closed', 1_000)).toEqual(['OWNER']);
    expect(told('invoice.paid', 999)).toEqual(['OWNER']);
    expect(told('invoice.paid', 1_001)).toEqual([]);
  });
});

describe('operators are told what runs the gateway', () => {
  const short = event('custody.hot_wallet_short', { merchantId: null });

  test('if they look after networks, whatever they chose, and nobody else is', () => {
    expect(audienceOf(short)).toEqual({ kind: 'operators' });
    const off = [{ projectId: null, category: null, channel: 'EMAIL', enabled: false }] as const;
    const candidates = [
      operator('ADMIN', { preferences: off }),
      operator('SUPPORT'),
      operator('MODERATOR'),
      { ...operator('ADMIN'), operator: null },
      member('OWNER'),
    ];
    expect(route(short, candidates)).toEqual({
      notified: [],
      deliveries: ['ADMIN', 'SUPPORT'].map((role) => ({
        channel: 'EMAIL',
        target: `operator-${role}@example.com`,
        userId: `operator-${role}`,
      })),
    });
  });

  test('until they are operators no more', () => {
    expect(mayStillHear(short, { member: null, operator: 'ADMIN' })).toBe(true);
    expect(mayStillHear(short, { member: null, operator: null })).toBe(false);
  });
});

describe('addresses that an event names', () => {
  const about = { subject: { type: 'USER', id: 'user-1' } } as const;

  test('get its message whoever the audience is, in the name of the person', () => {
    const data = { codeId: 'c', newEmail: 'new@example.com' };
    expect(route(event('user.email_change_requested', { ...about, data }), [])).toEqual({
      notified: [],
      deliveries: [{ channel: 'EMAIL', target: 'new@example.com', userId: 'user-1' }],
    });
    const phone = event('user.phone_change_requested', {
      ...about,
      data: { codeId: 'c', newPhone: '+12025550123' },
    });
    expect(route(phone, []).deliveries).toEqual([
      { channel: 'SMS', target: '+12025550123', userId: 'user-1' },
    ]);
  });

  test('old and new, each once', () => {
    const changed = (oldEmail: string) =>
      route(event('user.email_changed', { ...about, data: { oldEmail, newEmail: 'b@example.com' } }), [
        user(),
      ]);
    expect(changed('a@example.com').deliveries.map(({ target }) => target)).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect(changed('b@example.com').deliveries.map(({ target }) => target)).toEqual(['b@example.com']);
    expect(changed('a@example.com').notified).toEqual(['user-1']);
  });

  test('are left out where they are null, empty or no text', () => {
    const sent = (data: Event['data']) =>
      route(event('user.two_factor_code_requested', { ...about, data }), []).deliveries;
    expect(sent({ codeId: 'c', email: null, phone: '+12025550123' })).toEqual([
      { channel: 'SMS', target: '+12025550123', userId: 'user-1' },
    ]);
    expect(sent({ codeId: 'c', email: 'a@example.com', phone: null })).toMatchObject([{ channel: 'EMAIL' }]);
    expect(sent({ codeId: 'c', email: '', phone: 7 })).toEqual([]);
  });

  test('of people without an account are nobody’s, and the members hear of it in the centre', () => {
    const invited = event('member.invited', {
      subject: { type: 'INVITATION', id: 'invitation-1' },
      data: { email: 'new@example.com', tokenId: 't' },
    });
    expect(route(invited, [member('OWNER'), member('VIEWER')])).toEqual({
      notified: ['OWNER'],
      deliveries: [{ channel: 'EMAIL', target: 'new@example.com', userId: null }],
    });
  });
});

describe('e-mail', () => {
  test('goes to confirmed addresses', () => {
    const { deliveries, notified } = route(event('invoice.paid', { mode: 'TEST' }), [
      member('OWNER'),
      member('VIEWER', { emailConfirmed: false }),
    ]);
    expect(deliveries).toEqual([{ channel: 'EMAIL', target: 'OWNER@example.com', userId: 'OWNER' }]);
    expect(notified).toEqual(['OWNER', 'VIEWER']);
  });

  test('that confirms the address goes there before that', () => {
    const unconfirmed = user({ emailConfirmed: false });
    const mail = { channel: 'EMAIL', target: 'user-1@example.com', userId: 'user-1' };
    expect(route(event('user.signed_up'), [unconfirmed])).toEqual({ notified: [], deliveries: [mail] });
    expect(route(event('user.sign_up_repeated'), [unconfirmed])).toEqual({
      notified: [],
      deliveries: [],
    });
  });
});

describe('chats', () => {
  const chats: readonly Chat[] = [
    { bot: 'INFO', merchantId: null, chatId: '1', mutedUntil: null },
    { bot: 'INFO', merchantId: null, chatId: '2', mutedUntil: null },
    { bot: 'MERCHANT', merchantId: 'merchant-1', chatId: '3', mutedUntil: null },
    { bot: 'MERCHANT', merchantId: 'merchant-2', chatId: '4', mutedUntil: null },
    { bot: 'MERCHANT', merchantId: null, chatId: '5', mutedUntil: null },
  ];

  test('of the info bot get all that concerns the person', () => {
    expect(route(event('session.created'), [user({ chats })]).deliveries).toEqual([
      { channel: 'INFO_BOT', target: '1', userId: 'user-1' },
      { channel: 'INFO_BOT', target: '2', userId: 'user-1' },
    ]);
  });

  test('of the merchant bot get what concerns their merchant', () => {
    const { deliveries } = route(event('invoice.paid'), [member('OWNER', { chats, emailConfirmed: false })]);
    expect(deliveries).toEqual([{ channel: 'MERCHANT_BOT', target: '3', userId: 'OWNER' }]);
  });

  test('that two members share get one message', () => {
    const shared = { chats, emailConfirmed: false };
    const { deliveries } = route(event('invoice.paid'), [member('OWNER', shared), member('ADMIN', shared)]);
    expect(deliveries).toEqual([{ channel: 'MERCHANT_BOT', target: '3', userId: 'OWNER' }]);
  });
});

test('every row of the catalogue is routed to its channels and no others', () => {
  const chats: readonly Chat[] = [
    { bot: 'INFO', merchantId: null, chatId: '1', mutedUntil: null },
    { bot: 'MERCHANT', merchantId: 'merchant-1', chatId: '2', mutedUntil: null },
  ];
  for (const type of EVENT_TYPES) {
    const row = eventRow(type);
    const candidate =
      row.audience === 'OPERATORS' ? operator('ADMIN', { chats }) : member('OWNER', { chats });
    const audience = row.audience === 'NONE' ? [] : [candidate];
    const { deliveries, notified } = route(event(type), audience);
    expect(
      deliveries.map(({ channel }) => channel),
      type,
    ).toEqual(row.channels);
    expect(notified, type).toEqual(row.inCentre ? ['OWNER'] : []);
  }
});
