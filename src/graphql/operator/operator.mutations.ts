import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { Operator, OperatorRoleEnum } from './operator.types.ts';

const OperatorCreateInput = builder.inputType('OperatorCreateInput', {
  description: 'Who becomes an operator.',
  fields: (t) => ({
    email: t.string({
      required: true,
      description: 'E-mail address; a new person is mailed the link that sets a password.',
    }),
    role: t.field({ type: OperatorRoleEnum, required: true, description: 'What the operator does.' }),
  }),
});

const OperatorUpdateInput = builder.inputType('OperatorUpdateInput', {
  description: 'Another role for an operator.',
  fields: (t) => ({
    operatorId: t.globalID({ required: true, for: [Operator], description: 'Global id of the operator.' }),
    role: t.field({ type: OperatorRoleEnum, required: true, description: 'The new role.' }),
  }),
});

const OperatorDisableInput = builder.inputType('OperatorDisableInput', {
  description: 'Which operator loses the rights.',
  fields: (t) => ({
    operatorId: t.globalID({ required: true, for: [Operator], description: 'Global id of the operator.' }),
  }),
});

builder.mutationFields((t) => ({
  operatorCreate: t.withAuth({ operator: 'operator:manage' }).prismaField({
    type: Operator,
    description: 'Makes a person without merchants an operator, or enables a disabled one again.',
    args: { input: t.arg({ type: OperatorCreateInput, required: true, description: 'The person.' }) },
    errors: { types: [StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { userId } = unwrap(await usecases.operatorCreate(actor, input));
      return prisma.operator.findUniqueOrThrow({ ...query, where: { userId } });
    },
  }),
  operatorUpdate: t.withAuth({ operator: 'operator:manage' }).prismaField({
    type: Operator,
    description: 'Gives an operator another role. The last ADMIN stays one.',
    args: { input: t.arg({ type: OperatorUpdateInput, required: true, description: 'The change.' }) },
    errors: { types: [StepUpRequiredError, NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input: { operatorId, role } }, { usecases, actor, prisma }) => {
      const changed = await usecases.operatorUpdate(actor, { operatorId: operatorId.id, role });
      const { userId } = unwrap(changed);
      return prisma.operator.findUniqueOrThrow({ ...query, where: { userId } });
    },
  }),
  operatorDisable: t.withAuth({ operator: 'operator:manage' }).prismaField({
    type: Operator,
    description: "Takes an operator's rights away at once and ends the sessions. The last ADMIN stays.",
    args: { input: t.arg({ type: OperatorDisableInput, required: true, description: 'The operator.' }) },
    errors: { types: [StepUpRequiredError, NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input: { operatorId } }, { usecases, actor, prisma }) => {
      const { userId } = unwrap(await usecases.operatorDisable(actor, { operatorId: operatorId.id }));
      return prisma.operator.findUniqueOrThrow({ ...query, where: { userId } });
    },
  }),
}));
