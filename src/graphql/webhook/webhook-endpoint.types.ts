import { builder } from '../core/builder.ts';
import { ModeEnum } from '../money/money.types.ts';
import { visibleRows } from '../project/visible-rows.ts';

export const WebhookScheduleEnum = builder.enumType('WebhookSchedule', {
  description: 'How long and how often a message that an endpoint did not take is tried again.',
  values: {
    SHORT: { description: 'Five times, every ten seconds.' },
    LONG: { description: 'Seven times within 28 hours: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h.' },
  } as const,
});

const WebhookStatusEnum = builder.enumType('WebhookStatus', {
  description: 'Whether an endpoint is told of anything.',
  values: {
    ENABLED: { description: 'It is told of what it chose.' },
    DISABLED: { description: 'It is told of nothing.' },
  } as const,
});

const WebhookDisabledReasonEnum = builder.enumType('WebhookDisabledReason', {
  description: 'Why an endpoint is disabled.',
  values: {
    BY_HAND: { description: 'Somebody disabled it.' },
    GONE: { description: 'It answered 410.' },
    FAILING: { description: 'Nothing reached it for five days.' },
  } as const,
});

const WebhookSecretInfo = builder.prismaObject('WebhookSecret', {
  variant: 'WebhookSecretInfo',
  description: 'A secret that signs what an endpoint is sent; never the secret itself.',
  fields: (t) => ({
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    endsAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it signs along; null for the present one.',
    }),
  }),
});

export const WebhookEndpoint = builder.prismaNode('WebhookEndpoint', {
  description: "A URL of a shop's server that is told of events.",
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, deletedAt: null, ...visibleRows(actor, 'webhook:read') }),
  // Whoever may write sees what was written: a key without WEBHOOK_READ would lose the secret that is shown once.
  authScopes: ({ merchantId, projectId, mode }) => ({
    $any: {
      right: { right: 'webhook:read', place: { merchantId, projectId, mode } },
      $all: { right: { right: 'webhook:write', place: { merchantId, projectId, mode } } },
    },
  }),
  runScopesOnType: true,
  fields: (t) => ({
    mode: t.expose('mode', { type: ModeEnum, description: 'TEST or LIVE.' }),
    url: t.exposeString('url', { description: 'Where events are sent, by POST.' }),
    description: t.exposeString('description', { nullable: true, description: 'What people call it.' }),
    types: t.exposeStringList('types', {
      description:
        'What it is told of: names of events, and families such as "payment.*"; empty for all but those of payouts.',
    }),
    payloadVersion: t.exposeString('payloadVersion', { description: 'The form of what it is sent.' }),
    schedule: t.expose('schedule', {
      type: WebhookScheduleEnum,
      description: 'How a message that it did not take is tried again.',
    }),
    status: t.expose('status', { type: WebhookStatusEnum, description: 'Whether it is told of anything.' }),
    disabledReason: t.expose('disabledReason', {
      type: WebhookDisabledReasonEnum,
      nullable: true,
      description: 'Why it is disabled; null while it is not.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is disabled.',
    }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing has reached it; null while it works. After five days it is disabled.',
    }),
    pausedUntil: t.expose('pausedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'It gave no answer several times in a row and is left alone until then.',
    }),
    revision: t.exposeInt('revision', { description: 'Grows with every change; a change names it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    secrets: t.relation('secrets', {
      type: WebhookSecretInfo,
      description: 'The secrets that sign at the moment, the present one first.',
      query: (_args, { clock }) => ({
        where: { OR: [{ expiresAt: null }, { expiresAt: { gt: clock.now() } }] },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),
    }),
    project: t.relation('project', { description: 'The project that it belongs to.' }),
  }),
});
