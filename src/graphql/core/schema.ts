import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './user-error.types.ts';
import '../money/money.types.ts';
import '../account/account.types.ts';
import '../account/account.mutations.ts';
import '../project/project.types.ts';
import '../project/project.queries.ts';
import '../project/project.mutations.ts';
import '../invoice/invoice.types.ts';
import '../invoice/invoice.queries.ts';
import '../invoice/invoice.mutations.ts';
import '../invoice/invoice.subscriptions.ts';
import '../event/event.subscriptions.ts';
import '../balance/balance.types.ts';
import '../notification/notification.types.ts';
import '../telegram/telegram-link.types.ts';

/** The whole schema, sorted. Each feature registers itself on import; add its folder above. */
export const buildSchema = (): GraphQLSchema => builder.toSchema({ sortSchema: true });
