import type { Hearing } from '../../domain/notification/hearing.ts';
import { hearingOf } from '../../domain/notification/hearing.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { given } from '../core/given.ts';
import { keysetPage, type PagePart } from '../core/keyset-page.ts';
import { EventTypeEnum } from '../event/event.enums.ts';
import { PersonalChannelEnum } from '../notification/notification.enums.ts';
import { Delivery, DeliveryStatusEnum } from './delivery.types.ts';

const DeliveryFilter = builder.inputType('DeliveryFilter', {
  description: 'Which deliveries to list; all conditions must hold.',
  fields: (t) => ({
    channel: t.field({ type: PersonalChannelEnum, description: 'Over this channel.' }),
    status: t.field({ type: DeliveryStatusEnum, description: 'That became this.' }),
    type: t.field({ type: EventTypeEnum, description: 'That tell of this.' }),
    since: t.field({ type: 'DateTime', description: 'Begun at this moment or later.' }),
    until: t.field({ type: 'DateTime', description: 'Begun before this moment.' }),
  }),
});

type Reads = Pick<GraphQLContext, 'reads' | 'prisma'>;

/** @param hearing null: everybody's that did not arrive */
const deliveryPage = (
  context: Reads,
  hearing: Hearing | null,
  filter: typeof DeliveryFilter.$inferInput,
  page: Parameters<typeof keysetPage>[1],
) => {
  const wanted = given(filter);
  const list = { deliveries: hearing?.userId ?? 'all', ...wanted };
  return keysetPage(
    list,
    page,
    (part) => readPage(context, { hearing, ...wanted }, part),
    (row) => row,
  );
};

type Wanted = Omit<Parameters<GraphQLContext['reads']['deliveries']['page']>[0], keyof PagePart>;

async function readPage({ reads, prisma }: Reads, wanted: Wanted, part: PagePart) {
  const ids = await reads.deliveries.page({ ...wanted, ...part });
  const rows = await prisma.delivery.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

builder.queryFields((t) => ({
  deliveries: t.withAuth({ person: true }).connection({
    type: Delivery,
    description:
      'What was sent to the signed-in person, newest first. What a merchant told is there as long as the person may ' +
      'hear of it.',
    args: { filter: t.arg({ type: DeliveryFilter, description: 'Which of them.' }) },
    resolve: (_root, { filter, ...page }, context) =>
      deliveryPage(context, hearingOf(context.actor), filter ?? {}, page),
  }),
  allDeliveries: t.withAuth({ operator: 'delivery:read' }).connection({
    type: Delivery,
    description:
      'Messages to people that failed or may not have arrived, newest first, their targets masked; for operators.',
    args: { filter: t.arg({ type: DeliveryFilter, description: 'Which of them.' }) },
    resolve: (_root, { filter, ...page }, context) => deliveryPage(context, null, filter ?? {}, page),
  }),
}));
