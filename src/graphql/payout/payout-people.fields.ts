import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { Payout, PayoutApproval } from './payout.types.ts';

interface Maker {
  readonly type: 'USER' | 'API_KEY';
  readonly id: string;
}

const PayoutMakerTypeEnum = builder.enumType('PayoutMakerType', {
  description: 'What kind of actor has to do with a payout.',
  values: {
    USER: { description: 'A person.' },
    API_KEY: { description: 'An API key.' },
  } as const,
});

/** E-mail addresses of people, and names of API keys, by their ids. */
const nameOf = batched(
  async ({ prisma }: Pick<GraphQLContext, 'prisma'>, ids) => {
    const where = { id: { in: [...ids] } };
    const [people, keys] = await Promise.all([
      prisma.user.findMany({ where, select: { id: true, email: true } }),
      prisma.apiKey.findMany({ where, select: { id: true, name: true } }),
    ]);
    return [...people.map(({ id, email }) => ({ id, name: email })), ...keys];
  },
  ({ id }) => id,
);

const PayoutMaker = builder.objectRef<Maker>('PayoutMaker').implement({
  description: 'Who asked for a payout, or agreed to it; also one who has left since.',
  fields: (t) => ({
    type: t.expose('type', { type: PayoutMakerTypeEnum, description: 'A person or an API key.' }),
    id: t.id({
      description: 'Global id of the person or API key.',
      resolve: ({ type, id }) => encodeGlobalID(type === 'USER' ? 'User' : 'ApiKey', id),
    }),
    name: t.string({
      nullable: true,
      description:
        'E-mail address of the person as it is now, which keys are not told, or name of the API key.',
      resolve: async ({ type, id }, _args, context) =>
        type === 'USER' && context.actor.type === 'API_KEY'
          ? null
          : ((await nameOf(context, id))?.name ?? null),
    }),
  }),
});

const consentsOf = batched(
  ({ reads }: Pick<GraphQLContext, 'reads'>, ids) => reads.payoutConsents.given(ids),
  ({ payoutId }) => payoutId,
);

builder.prismaObjectFields(Payout, (t) => ({
  createdBy: t.field({
    type: PayoutMaker,
    nullable: true,
    description:
      'Who asked for it; of an automatic withdrawal the member who made the rule. Null for the gateway itself.',
    resolve: ({ actorType, actorId: id }): Maker | null => {
      if (id === null) return null;
      return actorType === 'USER' || actorType === 'API_KEY' ? { type: actorType, id } : null;
    },
  }),
  approvalsGiven: t.int({
    description:
      'Consents that count: to the revision that it has now, of members who may still agree. Of `approvals` those of ' +
      'members who lost the right do not count.',
    resolve: async ({ id }, _args, context) => (await consentsOf(context, id))?.given ?? 0,
  }),
}));

builder.prismaObjectFields(PayoutApproval, (t) => ({
  member: t.field({
    type: PayoutMaker,
    description: 'Who agreed.',
    resolve: ({ userId }): Maker => ({ type: 'USER', id: userId }),
  }),
}));
