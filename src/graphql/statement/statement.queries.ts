import { modeFor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import type { Statement } from '../../usecases/ports/statement-reads.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden } from '../core/errors.ts';
import { keysetPage } from '../core/keyset-page.ts';
import { CurrencyCodeEnum, ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { BalanceKindEnum, StatementDirectionEnum, StatementLine } from './statement.types.ts';

export const StatementFilter = builder.inputType('StatementFilter', {
  description: 'Which lines to list; all conditions must hold.',
  fields: (t) => ({
    account: t.field({
      type: [BalanceKindEnum],
      description: 'Of any of these parts; of AVAILABLE when left out.',
    }),
    currency: t.field({ type: [CurrencyCodeEnum], description: 'In any of these currencies.' }),
    direction: t.field({ type: StatementDirectionEnum, description: 'Receipts or withdrawals only.' }),
    projectId: t.globalID({ for: [Project], description: 'Of this project.' }),
    createdFrom: t.field({ type: 'DateTime', description: 'Booked at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Booked before this moment.' }),
  }),
});

type Filter = typeof StatementFilter.$inferInput;

builder.queryField('statement', (t) =>
  t.withAuth({ authenticated: true }).connection({
    type: StatementLine,
    description:
      'Receipts and withdrawals of a merchant in one mode, newest first. Needs balance:read: in the merchant as a ' +
      'whole, or in the project that the filter names. An API key lists the lines of its own project.',
    args: {
      merchantId: t.arg.globalID({ for: [Merchant], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      filter: t.arg({ type: StatementFilter, description: 'Which lines.' }),
    },
    resolve: async (_root, { merchantId, mode, filter, ...page }, context) => {
      const list = statementOf(context, merchantId?.id, modeFor(context.actor, mode), filter ?? {});
      return keysetPage(
        { statement: true, ...list },
        page,
        ({ after, before, limit, fromEnd }) =>
          context.reads.statement.page({
            ...list,
            ...(after ? { after } : {}),
            ...(before ? { before } : {}),
            limit,
            fromEnd,
          }),
        (line) => line,
      );
    },
  }),
);

/** What is asked for, if the caller may see it. */
export function statementOf(
  { actor }: Pick<GraphQLContext, 'actor'>,
  named: string | undefined,
  mode: Statement['mode'],
  filter: Filter,
): Statement {
  const key = actor.type === 'API_KEY' ? actor : null;
  const merchantId = named ?? key?.merchantId ?? '';
  const projectId = filter.projectId?.id ?? key?.projectId;
  const place = { merchantId, mode, ...(projectId === undefined ? {} : { projectId }) };
  if (!may(actor, 'balance:read', place)) throw forbidden('There is no such merchant here.');
  const { account, currency, direction, createdFrom, createdBefore } = filter;
  return {
    ...place,
    accounts: account ?? ['AVAILABLE'],
    ...(currency ? { assets: currency } : {}),
    ...(direction ? { direction } : {}),
    ...(createdFrom ? { createdFrom } : {}),
    ...(createdBefore ? { createdBefore } : {}),
  };
}
