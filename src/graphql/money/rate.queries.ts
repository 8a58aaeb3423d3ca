import { formatRate, type Rate } from '../../domain/money/rate.ts';
import { builder } from '../core/builder.ts';
import { AssetCodeEnum, CurrencyCodeEnum } from './money.types.ts';

const RateType = builder.objectRef<Rate>('Rate').implement({
  description: 'An exchange rate with its origin.',
  fields: (t) => ({
    value: t.field({
      type: 'Decimal',
      description: 'Price of one whole unit of the asset in the currency.',
      resolve: ({ scaled }) => formatRate(scaled),
    }),
    source: t.exposeString('source', {
      description: 'Every source that went into it, such as "median of coingecko, kraken; USD/SEK by ecb".',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'The oldest moment that went into it.' }),
  }),
});

builder.queryFields((t) => ({
  rate: t.withAuth({ authenticated: true }).field({
    type: RateType,
    nullable: true,
    description:
      'The rate of this moment, for showing prices: it binds nobody, and quotes take the project’s spread off it. Null ' +
      'when no source has a fresh one, or the sources disagree.',
    args: {
      asset: t.arg({ type: AssetCodeEnum, required: true, description: 'What is priced.' }),
      currency: t.arg({ type: CurrencyCodeEnum, required: true, description: 'In what.' }),
    },
    resolve: (_root, input, { usecases, actor }) => usecases.rateRead(actor, input),
  }),
}));
