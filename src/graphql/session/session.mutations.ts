import { builder } from '../core/builder.ts';
import { NotFoundError, sessionLocked, unwrap } from '../core/errors.ts';
import { Session } from './session.types.ts';

const SessionEndInput = builder.inputType('SessionEndInput', {
  description: 'Which session to end.',
  fields: (t) => ({
    sessionId: t.globalID({
      for: [Session],
      description: 'Another session of the same person; left out: the one that sends this.',
    }),
  }),
});

const SessionEndPayload = builder.objectRef<{ ended: boolean }>('SessionEndPayload').implement({
  description: 'The session is over, and its live connections are closed.',
  fields: (t) => ({ ended: t.exposeBoolean('ended', { description: 'Always true.' }) }),
});

const SessionsEndOthersPayload = builder
  .objectRef<{ endedCount: number }>('SessionsEndOthersPayload')
  .implement({
    description: 'All other sessions of the person are over, and their live connections are closed.',
    fields: (t) => ({
      endedCount: t.exposeInt('endedCount', { description: 'How many sessions were ended.' }),
    }),
  });

builder.mutationFields((t) => ({
  sessionEnd: t.withAuth({ session: true }).field({
    type: SessionEndPayload,
    description: 'Signs the person out: of the session that sends this, or of another one.',
    args: { input: t.arg({ type: SessionEndInput, description: 'Which session.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (_root, { input }, { usecases, actor, setSessionCookie }) => {
      const sessionId = input?.sessionId?.id ?? null;
      if (actor.type === 'LOCKED' && sessionId !== null && sessionId !== actor.sessionId)
        throw sessionLocked();
      const { current } = unwrap(await usecases.sessionEnd(actor, { sessionId }));
      if (current) setSessionCookie?.(null);
      return { ended: true };
    },
  }),
  sessionsEndOthers: t.withAuth({ person: true }).field({
    type: SessionsEndOthersPayload,
    description: 'Signs the person out everywhere else.',
    resolve: async (_root, _args, { usecases, actor }) => ({
      endedCount: await usecases.sessionsEndOthers(actor),
    }),
  }),
}));
