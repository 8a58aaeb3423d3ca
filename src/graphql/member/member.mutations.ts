import { RoleEnum } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { Project } from '../project/project.types.ts';
import { Member } from './member.types.ts';

/** An input that names one member and nothing else. */
const memberInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      memberId: t.globalID({ required: true, for: [Member], description: 'Global id of the member.' }),
    }),
  });

const MemberUpdateInput = builder.inputType('MemberUpdateInput', {
  description: 'What is to change of a member; what is left out stays.',
  fields: (t) => ({
    memberId: t.globalID({ required: true, for: [Member], description: 'Global id of the member.' }),
    role: t.field({ type: RoleEnum, description: 'The new role, not above your own.' }),
    projectIds: t.globalIDList({
      for: [Project],
      description: 'Global ids of the only projects that are open to the person, 1 to 100; null for all.',
    }),
  }),
});
const MemberDisableInput = memberInput('MemberDisableInput', 'Who loses access.');
const MemberEnableInput = memberInput('MemberEnableInput', 'Who gets access again.');
const MemberRemoveInput = memberInput('MemberRemoveInput', 'Who leaves.');
const OwnershipTransferInput = memberInput('OwnershipTransferInput', 'Who becomes the owner.');

const MemberRemovePayload = builder.objectRef<{ memberId: string }>('MemberRemovePayload').implement({
  description: 'The person is no member any more.',
  fields: (t) => ({
    memberId: t.id({
      description: 'Global id that the member had.',
      resolve: ({ memberId }) => encodeGlobalID('Member', memberId),
    }),
  }),
});

const memberById = (query: object, id: string, { prisma }: Pick<GraphQLContext, 'prisma'>) =>
  prisma.member.findUniqueOrThrow({ ...query, where: { id } });

builder.mutationFields((t) => ({
  memberUpdate: t.withAuth({ user: true }).prismaField({
    type: Member,
    description:
      'Changes role and projects of a member, at once. Roles that can pay out or manage keys or people, and their projects, ask for a step-up.',
    args: { input: t.arg({ type: MemberUpdateInput, required: true, description: 'The change.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, context) => {
      const { memberId, role, projectIds } = input;
      const change = {
        memberId: memberId.id,
        role: role ?? undefined,
        projectIds: projectIds === undefined ? undefined : (projectIds?.map(({ id }) => id) ?? null),
      };
      unwrap(await context.usecases.memberUpdate(context.actor, change));
      return memberById(query, memberId.id, context);
    },
  }),
  memberDisable: t.withAuth({ user: true }).prismaField({
    type: Member,
    description: 'Takes the access of a member away, at once, until memberEnable.',
    args: { input: t.arg({ type: MemberDisableInput, required: true, description: 'The member.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input: { memberId } }, context) => {
      unwrap(await context.usecases.memberDisable(context.actor, { memberId: memberId.id }));
      return memberById(query, memberId.id, context);
    },
  }),
  memberEnable: t.withAuth({ user: true }).prismaField({
    type: Member,
    description: 'Gives a disabled member the access back.',
    args: { input: t.arg({ type: MemberEnableInput, required: true, description: 'The member.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input: { memberId } }, context) => {
      unwrap(await context.usecases.memberEnable(context.actor, { memberId: memberId.id }));
      return memberById(query, memberId.id, context);
    },
  }),
  memberRemove: t.withAuth({ user: true }).field({
    type: MemberRemovePayload,
    description: 'Removes a member, or oneself. The last owner stays.',
    args: { input: t.arg({ type: MemberRemoveInput, required: true, description: 'The member.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.memberRemove(actor, { memberId: input.memberId.id })),
  }),
  ownershipTransfer: t.withAuth({ user: true }).prismaField({
    type: Member,
    description: 'Makes another member the owner; you become an admin. Asks for a step-up.',
    args: { input: t.arg({ type: OwnershipTransferInput, required: true, description: 'The new owner.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input: { memberId } }, context) => {
      unwrap(await context.usecases.ownershipTransfer(context.actor, { memberId: memberId.id }));
      return memberById(query, memberId.id, context);
    },
  }),
}));
