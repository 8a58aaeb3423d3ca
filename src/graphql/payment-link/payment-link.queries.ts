import { builder } from '../core/builder.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import { PaymentLink } from './payment-link.types.ts';

builder.queryFields((t) => ({
  paymentLink: t.withAuth({ authenticated: true }).prismaField({
    type: PaymentLink,
    nullable: true,
    description: 'A payment link by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({ required: true, for: [PaymentLink], description: 'Global id of the link.' }),
    },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.paymentLink.findFirst({
        ...query,
        where: { id: id.id, ...visibleRows(actor, 'invoice:read') },
      }),
  }),
  paymentLinks: t.withAuth({ authenticated: true }).connection({
    type: PaymentLink,
    description: 'Payment links of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      disabled: t.arg.boolean({ description: 'Disabled ones only (true), others only (false), or all.' }),
    },
    resolve: async (_root, { projectId, mode, disabled, ...page }, context) => {
      const place = await listedPlace(context, 'invoice:read', projectId?.id, mode);
      return keysetPage(
        { paymentLinks: true, ...place, disabled: disabled ?? null },
        page,
        (part) => {
          const { bounds, ...order } = partOf(part);
          return context.prisma.paymentLink.findMany({
            ...order,
            where: {
              ...place,
              ...(typeof disabled === 'boolean' ? { disabledAt: disabled ? { not: null } : null } : {}),
              AND: bounds,
            },
          });
        },
        (link) => link,
      );
    },
  }),
}));
