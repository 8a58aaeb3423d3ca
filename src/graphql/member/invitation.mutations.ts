import type { Role } from '../../domain/access/actor.ts';
import { Merchant, RoleEnum } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import {
  InvalidTokenError,
  NotFoundError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { Project } from '../project/project.types.ts';
import { Invitation } from './invitation.types.ts';

const MemberInviteInput = builder.inputType('MemberInviteInput', {
  description: 'Who is to become a member.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    email: t.string({ required: true, description: 'Where the invitation is sent.' }),
    role: t.field({ type: RoleEnum, required: true, description: 'The role, not above your own.' }),
    projectIds: t.globalIDList({
      for: [Project],
      description:
        'Global ids of the only projects that will be open to the person, 1 to 100; all unless said.',
    }),
  }),
});

const InvitationRevokeInput = builder.inputType('InvitationRevokeInput', {
  description: 'What is taken back.',
  fields: (t) => ({
    invitationId: t.globalID({
      required: true,
      for: [Invitation],
      description: 'Global id of the invitation.',
    }),
  }),
});

const InvitationAcceptInput = builder.inputType('InvitationAcceptInput', {
  description: 'Which invitation is accepted.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token in the link of the e-mail.' }),
  }),
});

interface Accepted {
  readonly memberId: string;
  readonly merchantId: string;
  readonly merchantName: string;
  readonly role: Role;
}

/** Ids, not nodes: the rights of the new member count from the next request on. */
const InvitationAcceptPayload = builder.objectRef<Accepted>('InvitationAcceptPayload').implement({
  description: 'You are a member now; the next request has the rights of it.',
  fields: (t) => ({
    memberId: t.id({
      description: 'Global id of the membership.',
      resolve: ({ memberId }) => encodeGlobalID('Member', memberId),
    }),
    merchantId: t.id({
      description: 'Global id of the merchant.',
      resolve: ({ merchantId }) => encodeGlobalID('Merchant', merchantId),
    }),
    merchantName: t.exposeString('merchantName', { description: 'Name of the merchant.' }),
    role: t.expose('role', { type: RoleEnum, description: 'What you may do there.' }),
  }),
});

const InvitationSignUpInput = builder.inputType('InvitationSignUpInput', {
  description: 'A new person who accepts an invitation.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token in the link of the e-mail.' }),
    password: t.string({ required: true, description: 'At least 8 characters.' }),
    locale: t.string({ defaultValue: 'en', required: true, description: 'Language of messages, BCP 47.' }),
  }),
});

const InvitationSignUpPayload = builder
  .objectRef<{ email: string; merchantName: string }>('InvitationSignUpPayload')
  .implement({
    description: 'The account is made and a member; sign in now.',
    fields: (t) => ({
      email: t.exposeString('email', { description: 'The address to sign in with; it is confirmed.' }),
      merchantName: t.exposeString('merchantName', { description: 'Name of the merchant.' }),
    }),
  });

builder.mutationFields((t) => ({
  memberInvite: t.withAuth({ user: true }).prismaField({
    type: Invitation,
    description:
      'Invites somebody by e-mail. The link works once, for seven days, and replaces an open one to the same address. Roles that can pay out or manage keys or people ask for a step-up.',
    args: { input: t.arg({ type: MemberInviteInput, required: true, description: 'The person.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId, email, role, projectIds } = input;
      const invited = {
        email,
        role,
        merchantId: merchantId.id,
        projectIds: projectIds?.map(({ id }) => id) ?? null,
      };
      const { invitationId } = unwrap(await usecases.memberInvite(actor, invited));
      return prisma.invitation.findUniqueOrThrow({ ...query, where: { id: invitationId } });
    },
  }),
  invitationRevoke: t.withAuth({ user: true }).prismaField({
    type: Invitation,
    description: 'Takes an open invitation back.',
    args: { input: t.arg({ type: InvitationRevokeInput, required: true, description: 'The invitation.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id } = input.invitationId;
      unwrap(await usecases.invitationRevoke(actor, { invitationId: id }));
      return prisma.invitation.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  invitationAccept: t.withAuth({ user: true }).field({
    type: InvitationAcceptPayload,
    description: 'Accepts an invitation that was sent to the address of the signed-in person.',
    args: { input: t.arg({ type: InvitationAcceptInput, required: true, description: 'The invitation.' }) },
    errors: { types: [InvalidTokenError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.invitationAccept(actor, input.token)),
  }),
  invitationSignUp: t.field({
    type: InvitationSignUpPayload,
    description: 'Makes an account for an invited person, without a merchant of its own, and accepts.',
    args: { input: t.arg({ type: InvitationSignUpInput, required: true, description: 'The person.' }) },
    errors: { types: [InvalidTokenError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, client }) =>
      unwrap(await usecases.invitationSignUp(client, input)),
  }),
}));
