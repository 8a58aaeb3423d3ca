import type { Actor } from '../../domain/access/actor.ts';
import { SESSION_IDLE_MS, SESSION_MAX_MS } from '../../domain/account/session-state.ts';
import { User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { checkCursors } from '../project/page-cursor.ts';

/** Matches no row: an empty OR is false. */
const NOTHING = { OR: [] };

/** The sessions that are of use: neither ended nor over by their time (`sessionState` of domain/account). */
function liveSessions(at: Date) {
  const ago = (ms: number) => new Date(at.getTime() - ms);
  return {
    endedAt: null,
    createdAt: { gt: ago(SESSION_MAX_MS) },
    OR: [{ activeAt: { gt: ago(SESSION_IDLE_MS) } }, { user: { pinHash: { not: null } } }],
  };
}

const isOwn = (actor: Actor, userId: string): boolean =>
  (actor.type === 'USER' || actor.type === 'OPERATOR') && actor.userId === userId;

export const Session = builder.prismaNode('Session', {
  description: 'A device on which a person is signed in.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor, clock }) =>
    actor.type === 'USER' || actor.type === 'OPERATOR'
      ? { id, userId: actor.userId, ...liveSessions(clock.now()) }
      : { id, ...NOTHING },
  authScopes: ({ userId }, { actor }) => isOwn(actor, userId),
  runScopesOnType: true,
  fields: (t) => ({
    device: t.exposeString('device', { description: 'In words, such as "Firefox on Linux".' }),
    ip: t.exposeString('ip', { description: 'The network address from which the person signed in.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person signed in.' }),
    activeAt: t.expose('activeAt', {
      type: 'DateTime',
      description:
        'The last thing that the person did, to the minute. Polling and open sockets do not count.',
    }),
    current: t.boolean({
      description: 'Whether it is the session that asks.',
      resolve: ({ id }, _args, { actor }) => 'sessionId' in actor && actor.sessionId === id,
    }),
    secondFactor: t.boolean({
      description: 'Whether a second factor was given in it.',
      resolve: ({ secondFactorAt }) => secondFactorAt !== null,
    }),
  }),
});

builder.prismaObjectFields(User, (t) => ({
  sessions: t.relatedConnection('sessions', {
    cursor: 'id',
    description: 'Where the person is signed in, newest first.',
    query: (args, { clock }) => {
      checkCursors(args);
      return { where: liveSessions(clock.now()), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] };
    },
  }),
  hasPin: t.boolean({
    description: 'Whether idle sessions are locked by a PIN; without one they end.',
    select: { pinHash: true },
    resolve: ({ pinHash }) => pinHash !== null,
  }),
}));
