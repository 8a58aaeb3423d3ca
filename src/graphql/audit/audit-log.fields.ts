import { Merchant, User } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { AuditEntry, auditConnection } from './audit-entry.types.ts';
import { isSelf } from './self.ts';

builder.prismaObjectFields(User, (t) => ({
  activity: t.connection({
    type: AuditEntry,
    description: 'What was done to the account and by the person, newest first. Only for the person.',
    authScopes: ({ id }, _args, { actor }) => isSelf(actor, id),
    resolve: ({ id }, args, context) => auditConnection(context, { userId: id }, args),
  }),
}));

builder.prismaObjectFields(Merchant, (t) => ({
  auditLog: t.connection({
    type: AuditEntry,
    description: 'What was done in the merchant, newest first. Needs the right audit:read.',
    authScopes: ({ id }) => ({ right: { right: 'audit:read', place: { merchantId: id } } }),
    resolve: ({ id }, args, context) => auditConnection(context, { merchantId: id }, args),
  }),
}));

builder.queryFields((t) => ({
  auditLog: t.withAuth({ operator: 'audit:read_all' }).connection({
    type: AuditEntry,
    description: 'The audit log of the whole gateway, newest first. For operators.',
    args: {
      userId: t.arg.globalID({ for: [User], description: 'Only the log of this person.' }),
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Only the log of this merchant.' }),
    },
    resolve: (_root, { userId, merchantId, ...args }, context) =>
      auditConnection(
        context,
        { ...(userId ? { userId: userId.id } : {}), ...(merchantId ? { merchantId: merchantId.id } : {}) },
        args,
      ),
  }),
}));
