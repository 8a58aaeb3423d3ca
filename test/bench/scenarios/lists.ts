import { LISTS } from '../goals.ts';
import type { Exchange } from '../harness/http-load.ts';
import { runOnce } from '../harness/http-once.ts';
import { interleave } from '../harness/rounds.ts';
import {
  compare,
  dataOf,
  globalInvoiceId,
  serverAt,
  withServers,
  type Scenario,
} from '../harness/scenario.ts';
import { invoiceId, isPaid, seedDays, seedInvoices, seedPostings, settle } from '../harness/seed-invoices.ts';
import { SHOPS, type Shop } from '../harness/seed-merchant.ts';
import { httpContestant, startPaybell } from '../harness/servers.ts';

const SIZES = { full: { small: 10_000, large: 1_000_000 }, short: { small: 1_000, large: 5_000 } } as const;
const FIRST = 20;
const YEAR_SECONDS = 365 * 86_400;

/** A year of a shop: its invoices at even distances. */
interface Year {
  readonly shop: Shop;
  readonly count: number;
}

const secondsApart = ({ count }: Year): number => Math.floor(YEAR_SECONDS / (count + 1));
const momentOf = (year: Year, n: number): string =>
  new Date(Date.UTC(2026, 0, 1) + n * secondsApart(year) * 1000).toISOString();

/** Lists with filters and search, a statement and statistics, of a short year and a long one (QUALITY, speed G). */
export const lists: Scenario = {
  name: 'lists',
  async run({ postgres, isShort, rounds, milliseconds, profileTo }) {
    const databaseUrl = await postgres.createDatabase();
    const counts = isShort ? SIZES.short : SIZES.full;
    const years = {
      small: { shop: SHOPS.small, count: counts.small },
      large: { shop: SHOPS.large, count: counts.large },
    };
    for (const year of Object.values(years)) {
      await seedInvoices(databaseUrl, year.shop, year.count, secondsApart(year));
      await seedPostings(databaseUrl, year.shop, year.count, secondsApart(year));
    }
    await seedDays(databaseUrl);
    await settle(databaseUrl);
    return withServers([() => startPaybell({ databaseUrl, profileTo })], async (servers) => {
      const server = serverAt(servers, 0);
      const contestants = [];
      for (const list of LISTS) {
        for (const [size, year] of Object.entries(years)) {
          const exchange = EXCHANGES[list](year);
          await runOnce(server.url, exchange);
          contestants.push(httpContestant(`${list} ${size}`, server, milliseconds, () => exchange));
        }
      }
      const samples = await interleave(contestants, rounds);
      return {
        samples,
        ratios: LISTS.map((list) =>
          compare(samples, `large over small, ${list}`, `${list} large`, `${list} small`),
        ),
      };
    });
  },
};

const EXCHANGES: Readonly<Record<(typeof LISTS)[number], (year: Year) => Exchange>> = {
  'three filters': (year) => invoices(year, threeFilters(year), filtered(year)),
  'three filters and a word': (year) =>
    invoices(year, { ...threeFilters(year), search: 'opera' }, filtered(year)),
  'three filters and an order id': (year) => {
    const n = year.count / 2 + 1;
    return invoices(year, { ...threeFilters(year), search: `order-${n}` }, [n]);
  },
  'sorted by payment': (year) => invoices(year, {}, numbersFrom(year.count, isPaid), 'PAID_DESC'),
  statement,
  'statistics of a year': statistics,
};

const threeFilters = (year: Year) => ({
  status: ['PAID'],
  currency: 'EUR',
  createdFrom: momentOf(year, year.count * 0.2),
  createdBefore: momentOf(year, year.count * 0.8),
});

/** What is paid in euros: numbers that end in 1, 5 or 6. */
const filtered = ({ count }: Year): number[] =>
  numbersFrom(count * 0.8 - 1, (n) => isPaid(n) && n % 10 !== 0 && n % 10 !== 2);

/** The first page of numbers downwards. */
function numbersFrom(highest: number, isWanted: (n: number) => boolean): number[] {
  const numbers: number[] = [];
  for (let n = highest; numbers.length < FIRST; n -= 1) if (isWanted(n)) numbers.push(n);
  return numbers;
}

interface InvoicesData {
  readonly invoices: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
}
interface StatementData {
  readonly statement: {
    readonly edges: readonly { readonly node: { readonly amount: { readonly minorUnits: string } } }[];
  };
}
interface StatisticsData {
  readonly invoiceStatistics: readonly { readonly count: number }[];
}

const INVOICES = `query ($filter: InvoiceFilter, $sort: InvoiceSort!) {
  invoices(first: ${FIRST}, filter: $filter, sort: $sort) {
    edges { cursor node { id status orderId description createdAt amount { minorUnits currency { code } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

function invoices(
  { shop }: Year,
  filter: object,
  numbers: readonly number[],
  sort = 'CREATED_DESC',
): Exchange {
  const expected = numbers.map((n) => globalInvoiceId(invoiceId(shop.series, n)));
  return asked(shop, INVOICES, { filter, sort }, (data) => {
    const ids = (data as InvoicesData).invoices.edges.map(({ node }) => node.id);
    return ids.length === expected.length && ids.every((id, place) => id === expected[place]);
  });
}

const STATEMENT = `query {
  statement(first: ${FIRST}) {
    edges { cursor node { id at kind amount { minorUnits currency { code } } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

function statement({ shop, count }: Year): Exchange {
  return asked(shop, STATEMENT, {}, (data) => {
    const amounts = (data as StatementData).statement.edges.map(({ node }) => Number(node.amount.minorUnits));
    return amounts.length === FIRST && amounts.every((amount, place) => amount === 1_000_000 + count - place);
  });
}

const STATISTICS = `query {
  invoiceStatistics(from: "2026-01-01", to: "2026-12-31", interval: WEEK, groupBy: [STATUS, CURRENCY]) {
    from status currency count amount { minorUnits } amountPaid { minorUnits }
  }
}`;

function statistics({ shop, count }: Year): Exchange {
  return asked(shop, STATISTICS, {}, (data) => {
    const invoicesOfYear = (data as StatisticsData).invoiceStatistics.reduce(
      (sum, row) => sum + row.count,
      0,
    );
    return invoicesOfYear === count;
  });
}

function asked(shop: Shop, query: string, variables: object, isRight: (data: unknown) => boolean): Exchange {
  return {
    path: '/graphql',
    key: shop.key,
    body: JSON.stringify({ query, variables }),
    check(text) {
      if (!isRight(dataOf(text))) throw new Error(`not what was asked for: ${text.slice(0, 1000)}`);
    },
  };
}
